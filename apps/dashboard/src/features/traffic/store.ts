import { uint64Of } from "@windfire/protocol";
import type { Uint64 } from "@windfire/protocol";
import { readNumber, readText, writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";
import { ledger, markTaken, newestRow } from "./ledger.ts";
import type { Traffic, TrafficRecord } from "./meter.ts";

/** The record of one server. */
export interface ServerTraffic {
  readonly serverId: number;
  readonly record: TrafficRecord;
}

const NONE: Traffic = { in: 0, out: 0 };

/** SQL of what is booked: the ledger, table `transfers` (spec 41 section 10.8) beside it, and `wf_traffic`. `at` is Unix milliseconds. */
export function createTrafficStore(database: Database) {
  /** A server that was deleted meanwhile leaves nothing behind. */
  const existing = async (tx: Queries, entries: readonly ServerTraffic[]): Promise<readonly ServerTraffic[]> => {
    const ids = entries.map(({ serverId }) => serverId);
    const rows = await tx.selectFrom("servers").select("id").where("id", "in", ids).execute();
    const found = new Set(rows.map((row) => row.id));
    return entries.filter(({ serverId }) => found.has(serverId));
  };
  return {
    /**
     * What was kept, by server, after all that others wrote is taken up. When that is something (by the reference, on the same file), it
     * covers hours that ours do not know of: the counters begin anew, and only what was taken in before is still to be booked.
     */
    async records(): Promise<Map<number, TrafficRecord>> {
      if (await haveOthersWritten(database.kysely)) await database.transaction(beginAnewAfterOthers);
      await ledger.takeUp(database);
      const rows = await database.kysely.selectFrom("wf_traffic").selectAll().execute();
      return new Map(rows.map((row) => [row.server_id, recordOf(row)]));
    },
    /** Writes the traffic of several servers and that it is written, all or nothing. */
    async book(entries: readonly ServerTraffic[], at: number): Promise<void> {
      const time = writeTime(at);
      await ledger.takeUp(database);
      await database.transaction(async (tx) => {
        const there = await existing(tx, entries);
        const rows = there
          .filter(({ record: { unbooked } }) => unbooked.in > 0 || unbooked.out > 0)
          .map(({ serverId, record: { unbooked } }) => ({
            created_at: time,
            updated_at: time,
            user_id: 0,
            server_id: serverId,
            in: signed(unbooked.in),
            out: signed(unbooked.out),
          }));
        if (rows.length > 0) {
          // Whatever lies there before ours, or the mark would pass it by.
          while (await ledger.takeSome(tx));
          await tx.insertInto("transfers").values(rows).execute();
          await ledger.add(
            tx,
            rows.map((row) => ({ server_id: row.server_id, at, bytes_in: row.in, bytes_out: row.out })),
          );
          await markAll(tx);
        }
        await keepRecords(
          tx,
          there.map(({ serverId, record }) => ({ serverId, record: { ...record, unbooked: NONE } })),
        );
      });
    },
    async keep(entries: readonly ServerTraffic[]): Promise<void> {
      await database.transaction(async (tx) => keepRecords(tx, await existing(tx, entries)));
    },
  };
}

export type TrafficStore = ReturnType<typeof createTrafficStore>;

/** All rows of `transfers` are ours, or taken up. */
async function markAll(tx: Queries): Promise<void> {
  const newest = await newestRow(tx);
  await markNewest(tx, newest);
  await markTaken(tx, newest);
}

async function haveOthersWritten(queries: Queries): Promise<boolean> {
  const mark = await queries.selectFrom("wf_traffic_mark").select("newest_row").executeTakeFirst();
  return (await newestRow(queries)) !== (mark?.newest_row ?? 0);
}

/** Forgets the counters, and notes in the same step that it did, so that nothing is lost when taking up is cut short and goes on later. */
async function beginAnewAfterOthers(tx: Queries): Promise<void> {
  const newest = await newestRow(tx);
  await tx.updateTable("wf_traffic").set({ seen_in: null, seen_out: null }).execute();
  // Fewer rows than were taken: the table is another one, and what it holds may be taken already.
  await tx.updateTable("wf_traffic_taken").set({ transfers_row: newest }).where("transfers_row", ">", newest).execute();
  await markNewest(tx, newest);
}

/** What others write from now on is newer. */
async function markNewest(tx: Queries, newest: number): Promise<void> {
  await tx
    .insertInto("wf_traffic_mark")
    .values({ id: 1, newest_row: newest })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ newest_row: newest }))
    .execute();
}

async function keepRecords(tx: Queries, entries: readonly ServerTraffic[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ serverId, record: { bootTime, seen, unbooked } }) => ({
    server_id: serverId,
    boot_time: bootTime,
    seen_in: seen === undefined ? null : String(seen.in),
    seen_out: seen === undefined ? null : String(seen.out),
    unbooked_in: String(unbooked.in),
    unbooked_out: String(unbooked.out),
  }));
  await tx
    .insertInto("wf_traffic")
    .values(rows)
    .onConflict((conflict) =>
      conflict.column("server_id").doUpdateSet(({ ref }) => ({
        boot_time: ref("excluded.boot_time"),
        seen_in: ref("excluded.seen_in"),
        seen_out: ref("excluded.seen_out"),
        unbooked_in: ref("excluded.unbooked_in"),
        unbooked_out: ref("excluded.unbooked_out"),
      })),
    )
    .execute();
}

interface Kept {
  readonly boot_time: number;
  readonly seen_in: string | null;
  readonly seen_out: string | null;
  readonly unbooked_in: string;
  readonly unbooked_out: string;
}

function recordOf(row: Kept): TrafficRecord {
  const seen = row.seen_in === null || row.seen_out === null ? undefined : { in: digits(row.seen_in), out: digits(row.seen_out) };
  return { bootTime: readNumber(row.boot_time), seen, unbooked: { in: digits(row.unbooked_in), out: digits(row.unbooked_out) } };
}

function digits(stored: unknown): Uint64 {
  const text = readText(stored);
  return /^\d{1,19}$|^1[0-8]\d{18}$/.test(text) && BigInt(text) < 2n ** 64n ? uint64Of(BigInt(text)) : 0;
}

/** SQLite's integers are signed: no host moves more than 2^63 - 1 bytes between two rows. */
function signed(bytes: Uint64): number | bigint {
  return bytes < 2n ** 63n ? bytes : 2n ** 63n - 1n;
}
