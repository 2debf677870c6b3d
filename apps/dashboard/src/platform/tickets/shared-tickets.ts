import { createHash } from "node:crypto";
import type { Clock } from "@windfire/kit";
import type { Changes, Database, Queries } from "#platform/database";
import type { Sealing } from "#platform/sealing";
import type { TicketKind, TicketOffice, Tickets } from "./model.ts";

export interface SharedTicketDeps {
  readonly clock: Pick<Clock, "now">;
  readonly database: Pick<Database, "change" | "follow">;
  readonly sealing: Pick<Sealing, "seal" | "open">;
}

interface Known {
  readonly id: string;
  readonly until: number;
}

/**
 * For several dashboards on one database: what one hands out works at all of them, and once. Rows hold a digest of the key and the sealed
 * value: whoever reads the database cannot use any.
 */
export function createSharedTickets(deps: SharedTicketDeps): TicketOffice {
  return async <T>(kind: TicketKind) => {
    const open = new Map<string, Known>();
    await deps.database.follow(
      { name: `ticket ${kind.name}`, keyOf: ({ id }: Known) => id, load: (queries, ids) => ticketStore.load(queries, kind.name, ids) },
      {
        changed: (id: string, known) => void (known === undefined ? open.delete(id) : open.set(id, known)),
        reloaded(all) {
          open.clear();
          for (const known of all) open.set(known.id, known);
        },
      },
    );
    return openTickets<T>(deps, kind, open);
  };
}

function openTickets<T>({ clock, database, sealing }: SharedTicketDeps, kind: TicketKind, open: ReadonlyMap<string, Known>): Tickets<T> {
  const log = `ticket ${kind.name}`;
  const { name, most, mostOfHolder, whenFull = "oldest-goes" } = kind;
  const idOf = (key: string): string => createHash("sha256").update(`${name} ${key}`).digest("base64url");
  const placeOf = (id: string): string => `ticket ${name} ${id}`;
  const drop = async (tx: Queries, changes: Changes, ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return;
    await ticketStore.delete(tx, ids);
    changes.gone(log, ids);
  };
  /** `false`: there is none to be had. */
  const makeRoom = async (tx: Queries, changes: Changes, holder: string): Promise<boolean> => {
    await drop(tx, changes, await ticketStore.over(tx, name, clock.now()));
    const beyond = [
      ...(mostOfHolder === undefined ? [] : await ticketStore.beyond(tx, { kind: name, holder }, mostOfHolder - 1)),
      ...(await ticketStore.beyond(tx, { kind: name }, most - 1)),
    ];
    if (beyond.length > 0 && whenFull === "refused") return false;
    await drop(tx, changes, [...new Set(beyond)]);
    return true;
  };
  return {
    put(key, value, { holder = "", lifeMs = kind.lifeMs } = {}) {
      const id = idOf(key);
      const row = { id, kind: name, holder, value: sealing.seal(JSON.stringify(value), placeOf(id)), until: clock.now() + lifeMs };
      return database.change(async (tx, changes) => {
        if (!(await makeRoom(tx, changes, holder))) return false;
        await ticketStore.insert(tx, row);
        changes.put(log, id);
        return true;
      });
    },
    take(key, fits) {
      const id = idOf(key);
      return database.change(async (tx, changes) => {
        const row = await ticketStore.find(tx, id);
        const text = row && row.until >= clock.now() ? sealing.open(row.value, placeOf(id)) : undefined;
        // Sealed here, by this program or another one of the installation.
        const value = text === undefined ? undefined : (JSON.parse(text) as T);
        if (value === undefined || !fits(value)) return undefined;
        await drop(tx, changes, [id]);
        return value;
      });
    },
    has: (key) => (open.get(idOf(key))?.until ?? 0) >= clock.now(),
    clear: () =>
      database.change(async (tx, changes) => {
        await drop(tx, changes, await ticketStore.over(tx, name, clock.now()));
        const gone = await ticketStore.clear(tx, name);
        changes.gone(log, gone);
        return gone.length;
      }),
  };
}

/** SQL of table `wf_tickets`. */
const ticketStore = {
  async load(queries: Queries, kind: string, ids?: readonly string[]): Promise<Known[]> {
    const query = queries.selectFrom("wf_tickets").select(["id", "until"]).where("kind", "=", kind);
    return (ids === undefined ? query : query.where("id", "in", ids)).execute();
  },
  find: (tx: Queries, id: string) => tx.selectFrom("wf_tickets").select(["value", "until"]).where("id", "=", id).executeTakeFirst(),
  async insert(tx: Queries, row: { id: string; kind: string; holder: string; value: string; until: number }): Promise<void> {
    await tx.insertInto("wf_tickets").values(row).execute();
  },
  async delete(tx: Queries, ids: readonly string[]): Promise<void> {
    await tx.deleteFrom("wf_tickets").where("id", "in", ids).execute();
  },
  async clear(tx: Queries, kind: string): Promise<string[]> {
    return idsOf(await tx.deleteFrom("wf_tickets").where("kind", "=", kind).returning("id").execute());
  },
  /** Those whose time is over. */
  async over(tx: Queries, kind: string, now: number): Promise<string[]> {
    return idsOf(await tx.selectFrom("wf_tickets").select("id").where("kind", "=", kind).where("until", "<", now).limit(500).execute());
  },
  /** The oldest beyond so many, of a kind or of one of its holders. */
  async beyond(tx: Queries, { kind, holder }: { kind: string; holder?: string }, kept: number): Promise<string[]> {
    const query = tx
      .selectFrom("wf_tickets")
      .select("id")
      .where("kind", "=", kind)
      .$if(holder !== undefined, (some) => some.where("holder", "=", holder ?? ""))
      .orderBy("until", "desc")
      .orderBy("id")
      .offset(kept)
      .limit(500);
    return idsOf(await query.execute());
  },
};

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
