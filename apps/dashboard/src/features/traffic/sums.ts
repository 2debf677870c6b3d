import { plus, uint64Of } from "@windfire/protocol";
import type { Uint64 } from "@windfire/protocol";
import { sql } from "kysely";
import type { Database } from "#platform/database";
import { ledger } from "./ledger.ts";
import type { Traffic } from "./meter.ts";

/** The rows of a server from `from` up to and with `until`, Unix milliseconds. */
export interface TrafficSpan {
  readonly serverId: number;
  readonly from: number;
  readonly until: number;
}

/** What was recorded of servers' traffic (spec 30 section 8.6), also what others have written to table `transfers` just now. */
export type TrafficSums = (span: TrafficSpan) => Promise<Traffic>;

export function createTrafficSums(database: Database): TrafficSums {
  return async ({ serverId, from, until }) => {
    await ledger.takeUp(database);
    const sums = await database.kysely
      .selectFrom("wf_traffic_hours")
      .where("server_id", "=", serverId)
      .where("at", ">=", from)
      .where("at", "<=", until)
      .select([high("bytes_in").as("inHigh"), low("bytes_in").as("inLow"), high("bytes_out").as("outHigh"), low("bytes_out").as("outLow")])
      .executeTakeFirstOrThrow();
    return { in: whole(sums.inHigh, sums.inLow), out: whole(sums.outHigh, sums.outLow) };
  };
}

/** Halves of 32 bits: SQLite's own sum fails, or loses digits, where counters go beyond what it or a number holds. */
const high = (column: "bytes_in" | "bytes_out") => sql<number>`coalesce(sum(${sql.ref(column)} >> 32), 0)`;
const low = (column: "bytes_in" | "bytes_out") => sql<number>`coalesce(sum(${sql.ref(column)} & 4294967295), 0)`;

function whole(upper: number, lower: number): Uint64 {
  return plus(uint64Of(BigInt.asUintN(64, BigInt(upper) << 32n)), lower);
}
