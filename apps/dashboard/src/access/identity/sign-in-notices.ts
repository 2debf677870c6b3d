import { requireNotificationGroup } from "#access/policy";
import { refuse } from "#kernel";
import type { SessionCaller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Cascade, Changes, Database, Queries } from "#platform/database";
import { userKind } from "./account-store.ts";

/** Tells users, where they wish it, what happens to their accounts. */
export interface SignInNotices {
  /** Group of channels that tells the user; 0: nobody is told. */
  groupOf(userId: number): Promise<number>;
  /** The group has to be the own one. */
  choose(caller: SessionCaller, groupId: number): Promise<void>;
  /** Part of a larger change: one message for each channel of the user's group. */
  tell(tx: Queries, changes: Changes, userId: number, text: string): Promise<void>;
  readonly cascades: { readonly users: Cascade; readonly notificationGroups: Cascade };
}

/** A message to a group of channels, by way of the outbox. */
export type TellGroup = (tx: Queries, changes: Changes, groupId: number, text: string) => Promise<void>;

export interface SignInNoticeDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly tellGroup: TellGroup;
  /** Owner of a group of channels, `undefined` when there is no such group. */
  readonly notificationGroupOwner: (groupId: number) => Promise<number | undefined>;
}

const TABLE = "wf_sign_in_notices";
const KIND = userKind.name;

export function createSignInNotices({ database, audit, tellGroup, notificationGroupOwner }: SignInNoticeDeps): SignInNotices {
  const stored = async (queries: Queries, userId: number): Promise<number> =>
    (await queries.selectFrom(TABLE).select("group_id").where("user_id", "=", userId).executeTakeFirst())?.group_id ?? 0;
  return {
    groupOf: (userId) => stored(database.kysely, userId),
    async choose(caller, groupId) {
      const owner = groupId === 0 ? undefined : await notificationGroupOwner(groupId);
      requireNotificationGroup(caller, groupId, () => owner);
      const { id } = caller.user;
      // Not even an administrator's sign-ins are told to somebody else's channels, nor is it found out what these are.
      if (groupId !== 0 && owner !== id) throw refuse("permission denied");
      await database.change(async (tx) => {
        const from = { notificationGroupId: await stored(tx, id) };
        if (groupId === 0) await tx.deleteFrom(TABLE).where("user_id", "=", id).execute();
        else await choose(tx, id, groupId);
        const to = { notificationGroupId: groupId };
        await audit.write(tx, { actor: actorOf(caller), action: "user.choose-sign-in-notices", kind: KIND, key: id, from, to });
      });
    },
    async tell(tx, changes, userId, text) {
      const groupId = await stored(tx, userId);
      if (groupId !== 0) await tellGroup(tx, changes, groupId, text);
    },
    cascades: {
      users: async (tx, userIds) => void (await tx.deleteFrom(TABLE).where("user_id", "in", userIds).execute()),
      notificationGroups: async (tx, groupIds) => void (await tx.deleteFrom(TABLE).where("group_id", "in", groupIds).execute()),
    },
  };
}

async function choose(tx: Queries, userId: number, groupId: number): Promise<void> {
  await tx
    .insertInto(TABLE)
    .values({ user_id: userId, group_id: groupId })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ group_id: groupId }))
    .execute();
}
