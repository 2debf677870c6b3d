import { canManageServer, reachesServer, seesServerInFull } from "#access/policy";
import type { OwnedServer } from "#access/policy";
import { isAdmin, refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database, Queries } from "#platform/database";
import { correctionKind, correctionStore } from "./correction-store.ts";
import type { Correction, Corrections } from "./correction-store.ts";

const KIND = correctionKind.name;
/** They are made by hand, one for a mishap. */
const MOST_PER_SERVER = 100;
/** What lies further off is a slip of the keyboard: it would wait for a cycle that nobody sees. A day, because clocks and zones differ. */
const EARLIEST = Date.UTC(2000, 0);
const AHEAD_MS = 24 * 3_600_000;

export interface CorrectionDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly corrections: Corrections;
  readonly now: () => number;
  /** The server's row, as of the transaction. */
  readonly findServer: (tx: Queries, serverId: number) => Promise<OwnedServer | undefined>;
}

export type CorrectionForm = Pick<Correction, "at" | "in" | "out" | "note">;

/** What a caller may do with corrections: whoever may manage the server. */
export function createCorrectionVerbs({ database, audit, corrections, now, findServer }: CorrectionDeps) {
  const requireServer = async (tx: Queries, caller: Caller, serverId: number, mayTouch = canManageServer): Promise<void> => {
    const server = await findServer(tx, serverId);
    // Only to whom every server is open is told which ones there are.
    if (!server && isAdmin(caller) && reachesServer(caller, serverId)) throw refuse("server id %d does not exist", serverId);
    if (!server || !mayTouch(caller, server)) throw refuse("permission denied");
  };
  return {
    async list(caller: Caller, serverId: number): Promise<readonly Correction[]> {
      await requireServer(database.kysely, caller, serverId, seesServerInFull);
      return corrections.by("server", serverId);
    },
    create: (caller: Caller, user: User, serverId: number, form: CorrectionForm): Promise<number> =>
      database.change(async (tx, changes) => {
        await requireServer(tx, caller, serverId);
        if (form.at < EARLIEST) throw refuseText("at: must not be before the year 2000");
        if (form.at > now() + AHEAD_MS) throw refuseText("at: must not be more than a day ahead");
        if ((await correctionStore.countOf(tx, serverId)) >= MOST_PER_SERVER)
          throw refuse("too many rows: at most %d of one kind", MOST_PER_SERVER);
        const to = { ...form, serverId, createdAt: now(), createdBy: user.username };
        const id = await correctionStore.insert(tx, to);
        changes.put(KIND, id);
        await audit.write(tx, { actor: actorOf(caller), action: `${KIND}.create`, kind: KIND, key: id, to });
        return id;
      }),
    /** All or nothing on permission; unknown ids are ignored. */
    delete: (caller: Caller, ids: readonly number[]): Promise<void> =>
      database.change(async (tx, changes) => {
        const found = ids.length === 0 ? [] : await correctionKind.load(tx, [...new Set(ids)]);
        for (const serverId of new Set(found.map((correction) => correction.serverId))) await requireServer(tx, caller, serverId);
        if (found.length === 0) return;
        const gone = found.map(({ id }) => id);
        await correctionStore.delete(tx, gone);
        changes.gone(KIND, gone);
        for (const from of found)
          await audit.write(tx, { actor: actorOf(caller), action: `${KIND}.delete`, kind: KIND, key: from.id, from });
      }),
  };
}

export type CorrectionVerbs = ReturnType<typeof createCorrectionVerbs>;
