import { createHash } from "node:crypto";
import { refuse, refuseText } from "#kernel";
import type { Caller, SessionCaller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { accountStore, userKind } from "./account-store.ts";
import { sessionStore } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";

export interface SessionCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly sessions: Pick<Sessions, "end">;
}

const KIND = userKind.name;
const ID_LENGTH = 16;

/** Names a session to its owner; says nothing of the key. */
export function sessionId(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, ID_LENGTH);
}

/** Ends sessions, with everything open under them. */
export function createSessionCommands({ database, audit, sessions }: SessionCommandDeps) {
  const end = async (caller: Caller, userId: number, isMeant: (key: string) => boolean): Promise<number> =>
    database.change(async (tx, changes) => {
      const keys = (await sessionStore.liveKeysByUser(tx, [userId])).filter(isMeant);
      await sessions.end(tx, changes, keys, "logout");
      if (keys.length > 0)
        await audit.write(tx, { actor: actorOf(caller), action: "user.end-sessions", kind: KIND, key: userId, to: { ended: keys.length } });
      return keys.length;
    });
  return {
    /** One of the caller's own. */
    async endOne(caller: SessionCaller, id: string): Promise<void> {
      if ((await end(caller, caller.user.id, (key) => sessionId(key) === id)) === 0) throw refuseText("there is no such session");
    },
    endOthers: async (caller: SessionCaller): Promise<void> => void (await end(caller, caller.user.id, (key) => key !== caller.sessionKey)),
    /** For administrators. */
    endOfUser: async (caller: Caller, userId: number): Promise<void> => {
      const account = await database.change((tx) => accountStore.find(tx, userId));
      if (!account) throw refuse("user id %d does not exist", userId);
      await end(caller, userId, () => true);
    },
  };
}

export type SessionCommands = ReturnType<typeof createSessionCommands>;
