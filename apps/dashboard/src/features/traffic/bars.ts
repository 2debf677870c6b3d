import { sql } from "kysely";
import type { Database } from "#platform/database";
import { ledger } from "./ledger.ts";
import type { SignedTraffic } from "./total.ts";

/** A stretch of time with what was moved in it: Unix milliseconds, bytes. */
export interface Bar {
  readonly from: number;
  readonly in: number;
  readonly out: number;
}

/** What is recorded of one server: bytes by the times that they are booked on, oldest first, and the time of the oldest of all. */
export interface Recorded {
  readonly hours: readonly Bar[];
  readonly since: number | undefined;
}

/** Reads the ledger of a server from an instant on, Unix milliseconds. */
export type ReadHours = (serverId: number, from: number) => Promise<Recorded>;

/** See {@link ReadHours}; also what others have written to table `transfers` just now. */
function createHourReader(database: Database): ReadHours {
  return async (serverId, from) => {
    await ledger.takeUp(database);
    const rows = database.kysely.selectFrom("wf_traffic_hours").where("server_id", "=", serverId);
    // As a number that may be rounded: beyond 2^53 SQLite's integers do not fit into one of ours.
    const hours = await rows
      .where("at", ">=", from)
      .orderBy("at")
      .select(["at as from", rounded("bytes_in").as("in"), rounded("bytes_out").as("out")])
      .execute();
    const first = await rows.select(({ fn }) => fn.min("at").as("at")).executeTakeFirst();
    return { hours, since: first?.at ?? undefined };
  };
}

/** Reads what some servers moved together from an instant on, Unix milliseconds, by the times that it is booked on, oldest first. */
export type ReadFleetHours = (serverIds: readonly number[], from: number) => Promise<readonly Bar[]>;

/** Servers of one query: databases take so many values, and some more. */
const SERVERS_AT_ONCE = 10_000;

/** What reads the ledger by the hour. */
export interface HourReaders {
  readonly readHours: ReadHours;
  readonly readFleetHours: ReadFleetHours;
}

export const createHourReaders = (database: Database): HourReaders => ({
  readHours: createHourReader(database),
  readFleetHours: createFleetReader(database),
});

/** See {@link ReadFleetHours}; also what others have written to table `transfers` just now. */
function createFleetReader(database: Database): ReadFleetHours {
  return async (serverIds, from) => {
    await ledger.takeUp(database);
    const hours = new Map<number, Bar>();
    for (let at = 0; at < serverIds.length; at += SERVERS_AT_ONCE) {
      const rows = await database.kysely
        .selectFrom("wf_traffic_hours")
        .where("server_id", "in", serverIds.slice(at, at + SERVERS_AT_ONCE))
        .where("at", ">=", from)
        .groupBy("at")
        .select(["at as from", total("bytes_in").as("in"), total("bytes_out").as("out")])
        .execute();
      for (const row of rows) {
        const known = hours.get(row.from);
        hours.set(row.from, { from: row.from, in: row.in + (known?.in ?? 0), out: row.out + (known?.out ?? 0) });
      }
    }
    return [...hours.values()].toSorted((a, b) => a.from - b.from);
  };
}

const total = (column: "bytes_in" | "bytes_out") => sql<number>`sum(CAST(${sql.ref(column)} AS DOUBLE PRECISION))`;
const rounded = (column: "bytes_in" | "bytes_out") => sql<number>`CAST(${sql.ref(column)} AS DOUBLE PRECISION)`;

/** What stands beside the ledger. */
export interface Beside {
  /** Since the last full hour. */
  readonly unbooked: SignedTraffic;
  /** What people entered for a time, both ends included. */
  corrections(from: number, until: number): SignedTraffic;
}

/** Bars from each of `starts` to the next, the last one up to `now`: what is booked in it, what people entered, and in the last what is not booked yet. */
export function barsOf(starts: readonly number[], hours: readonly Bar[], { unbooked, corrections }: Beside, now: number): Bar[] {
  let next = 0;
  return starts.map((from, at) => {
    const end = starts[at + 1] ?? Infinity;
    let [inbound, out] = at === starts.length - 1 ? [Number(unbooked.in), Number(unbooked.out)] : [0, 0];
    for (let hour = hours[next]; hour !== undefined && hour.from < end; hour = hours[++next]) {
      if (hour.from < from) continue;
      inbound += hour.in;
      out += hour.out;
    }
    const entered = corrections(from, Math.min(end - 1, now));
    return { from, in: Math.max(0, inbound + Number(entered.in)), out: Math.max(0, out + Number(entered.out)) };
  });
}
