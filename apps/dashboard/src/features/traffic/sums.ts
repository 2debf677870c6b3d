import { plus, uint64Of } from "@windfire/protocol";
import type { Uint64 } from "@windfire/protocol";
import { sql } from "kysely";
import { writeTime } from "#platform/database";
import type { Database } from "#platform/database";
import type { Traffic } from "./meter.ts";

/** Texts of two instants compare like the instants only within one offset; this is more than any two offsets differ. */
export const OFFSET_MARGIN_MS = 27 * 3_600_000;

/** The rows of a server from `from` up to and with `until`, Unix milliseconds. */
export interface TrafficSpan {
  readonly serverId: number;
  readonly from: number;
  readonly until: number;
}

/** What was recorded of servers' traffic (table `transfers`, spec 30 section 8.6), read by the index of one server. */
export type TrafficSums = (span: TrafficSpan) => Promise<Traffic>;

export function createTrafficSums({ kysely }: Database): TrafficSums {
  return async ({ serverId, from, until }) => {
    const [since, to] = [writeTime(from - OFFSET_MARGIN_MS), writeTime(until + OFFSET_MARGIN_MS)];
    // Only near the two ends an instant has to be read, which costs more than comparing texts.
    const isWithin = sql<boolean>`CASE
      WHEN created_at >= ${writeTime(from + OFFSET_MARGIN_MS)} AND created_at < ${writeTime(until - OFFSET_MARGIN_MS)} THEN 1
      ELSE unixepoch(created_at, 'subsec') BETWEEN ${from / 1000} AND ${until / 1000} END`;
    const sums = await kysely
      .selectFrom("transfers")
      .where("server_id", "=", serverId)
      .where("created_at", ">=", since)
      .where("created_at", "<=", to)
      .where(isWithin)
      .select([high("in").as("inHigh"), low("in").as("inLow"), high("out").as("outHigh"), low("out").as("outLow")])
      .executeTakeFirstOrThrow();
    return { in: whole(sums.inHigh, sums.inLow), out: whole(sums.outHigh, sums.outLow) };
  };
}

/** Halves of 32 bits: SQLite's own sum fails, or loses digits, where counters go beyond what it or a number holds. */
const high = (column: "in" | "out") => sql<number>`coalesce(sum(max(0, ${sql.ref(column)}) >> 32), 0)`;
const low = (column: "in" | "out") => sql<number>`coalesce(sum(max(0, ${sql.ref(column)}) & 4294967295), 0)`;

function whole(upper: number, lower: number): Uint64 {
  return plus(uint64Of(BigInt.asUintN(64, BigInt(upper) << 32n)), lower);
}
