import type { HandedOver, MoveResult, OwnedRows } from "@windfire/api";
import { refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import { accountStore, userKind } from "./account-store.ts";
import { requireAdministrator } from "./administrators.ts";

export interface HandOverDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly rows: {
    /** What a user owns, kind by kind. */
    ownedBy(tx: Queries, userId: number): Promise<OwnedRows[]>;
    /** All but servers. */
    handOver(tx: Queries, changes: Changes, from: number, to: number): Promise<void>;
    serversOf(tx: Queries, userId: number): Promise<readonly number[]>;
    /** By transfers, since each agent gets another secret. */
    moveServers(caller: Caller, ids: readonly number[], toUserId: number): Promise<MoveResult[]>;
  };
}

const KIND = userKind.name;

/** Gives all that somebody owns to somebody else: before they become a viewer, or before they go. */
export function createHandOver({ database, audit, rows }: HandOverDeps) {
  return {
    /** What would be handed over. */
    async preview(userId: number): Promise<OwnedRows[]> {
      if (!(await accountStore.find(database.kysely, userId))) throw refuse("user id %d does not exist", userId);
      return rows.ownedBy(database.kysely, userId);
    },
    /** The rows at once, all or none; then the servers. Asked again it goes on where it was cut off. */
    async run(caller: Caller, from: number, to: number): Promise<HandedOver> {
      const { owned, servers } = await database.change(async (tx, changes) => {
        await requireAdministrator(tx, caller);
        if (from === to) throw refuseText("to_user: is who owns the rows");
        const [giver, taker] = [await accountStore.find(tx, from), await accountStore.find(tx, to)];
        if (!giver) throw refuse("user id %d does not exist", from);
        if (!taker) throw refuse("user id %d does not exist", to);
        if (taker.viewer) throw refuseText("to_user: viewers own nothing");
        const before = await rows.ownedBy(tx, from);
        await rows.handOver(tx, changes, from, to);
        const counts = Object.fromEntries(before.map(({ words, count }) => [words, count]));
        const line = { actor: actorOf(caller), action: "user.hand-over", kind: KIND, key: from };
        await audit.write(tx, { ...line, from: { owner: from }, to: { owner: to, ...counts } });
        return { owned: before, servers: await rows.serversOf(tx, from) };
      });
      return { rows: owned, servers: servers.length === 0 ? [] : await rows.moveServers(caller, servers, to) };
    },
  };
}

export type HandOver = ReturnType<typeof createHandOver>;
