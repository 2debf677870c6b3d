import { canManage, serverListOf } from "#access/policy";
import type { Owned } from "#access/policy";
import { isAdmin, refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database, Queries } from "#platform/database";
import { CODE_LIFE_MS, CODES_PER_USER, hashOf } from "./model.ts";
import type { EnrolmentCode } from "./model.ts";
import { codeStore } from "./store.ts";

const KIND = "enrolment-code";

export interface EnrolmentCodeDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly newCode: () => string;
  /** Whether the user's row is there, as of the transaction. */
  readonly isOwner: (tx: Queries, userId: number) => Promise<boolean>;
  /** A server group, as of the transaction. */
  readonly findGroup: (tx: Queries, id: number) => Promise<Owned | undefined>;
}

/** What a person asks of a code. */
export interface CodeForm {
  readonly name: string;
  readonly groupId: number;
  /** 0: the caller. */
  readonly ownerId: number;
}

/** Codes as people make and withdraw them. */
export function createEnrolmentCodes({ database, audit, now, newCode, isOwner, findGroup }: EnrolmentCodeDeps) {
  const mayManage = (caller: Caller, code: EnrolmentCode): boolean =>
    serverListOf(caller) === undefined && canManage(caller, { ownerId: code.ownerId });

  return {
    /** The only moment at which the text of the code is there. */
    async create(caller: Caller, user: User, form: CodeForm): Promise<{ readonly code: EnrolmentCode; readonly text: string }> {
      // A token for some servers must not bring in others.
      if (serverListOf(caller) !== undefined) throw refuse("permission denied");
      const ownerId = form.ownerId === 0 ? user.id : form.ownerId;
      if (ownerId !== user.id && !isAdmin(caller)) throw refuse("permission denied");
      const text = newCode();
      const at = now();
      return database.change(async (tx) => {
        if (!(await isOwner(tx, ownerId))) throw refuse("user id %d does not exist", ownerId);
        if (form.groupId !== 0) await requireGroup(tx, caller, form.groupId);
        await codeStore.dropExpired(tx, at);
        const mine = (await codeStore.open(tx, at)).filter((code) => code.createdBy === user.id);
        if (mine.length >= CODES_PER_USER) throw refuse("too many rows: at most %d of one kind", CODES_PER_USER);
        const { name, groupId } = form;
        const fields = { ownerId, createdBy: user.id, name, groupId, createdAt: at, expiresAt: at + CODE_LIFE_MS };
        const code = await codeStore.insert(tx, fields, hashOf(text));
        await audit.write(tx, { actor: actorOf(caller), action: `${KIND}.create`, kind: KIND, key: code.id, to: code });
        return { code, text };
      });
    },

    async list(caller: Caller): Promise<EnrolmentCode[]> {
      return (await codeStore.open(database.kysely, now())).filter((code) => mayManage(caller, code));
    },

    /** All or nothing on permission; codes that are used up or expired are ignored. */
    async withdraw(caller: Caller, ids: readonly number[]): Promise<void> {
      await database.change(async (tx) => {
        const found = (await codeStore.open(tx, now())).filter((code) => ids.includes(code.id));
        if (!found.every((code) => mayManage(caller, code))) throw refuse("permission denied");
        if (found.length === 0) return;
        for (const from of found)
          await audit.write(tx, { actor: actorOf(caller), action: `${KIND}.delete`, kind: KIND, key: from.id, from });
        await codeStore.delete(
          tx,
          found.map(({ id }) => id),
        );
      });
    },
  };

  async function requireGroup(tx: Queries, caller: Caller, id: number): Promise<void> {
    const group = await findGroup(tx, id);
    if (!group) throw refuse("group id %d does not exist", id);
    if (!canManage(caller, group)) throw refuse("permission denied");
  }
}

export type EnrolmentCodes = ReturnType<typeof createEnrolmentCodes>;
