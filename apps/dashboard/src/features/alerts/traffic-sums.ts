import { setImmediate as yieldToOthers } from "node:timers/promises";
import { sql } from "kysely";
import { writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";

/** Texts of two instants compare like the instants only within one offset; this is more than any two offsets differ. */
export const OFFSET_MARGIN_MS = 27 * 3_600_000;
/** Rows of one statement: a long history does not hold up everybody else. */
export const ROWS_AT_ONCE = 5_000;

/** Bytes by direction. */
export interface Traffic {
  readonly in: number;
  readonly out: number;
}

/** What was recorded of servers' traffic since a moment (table `transfers`, spec 30 section 8.6). */
export interface TrafficSums {
  /** Sums by server id of the rows booked at or after `since` (Unix milliseconds). Rows are read once: later calls read the new ones. */
  since(since: number): Promise<ReadonlyMap<number, Traffic>>;
  /** Forgets the sums of all other moments. */
  keep(moments: ReadonlySet<number>): void;
}

interface Sums {
  lastId: number;
  readonly byServer: Map<number, Traffic>;
}

/** Id of the newest row of table `transfers`, 0 when there is none. */
export async function newestRow(kysely: Queries): Promise<number> {
  const { id } = await kysely
    .selectFrom("transfers")
    .select(sql<number>`coalesce(max(id), 0)`.as("id"))
    .executeTakeFirstOrThrow();
  return id;
}

export function createTrafficSums({ kysely }: Database): TrafficSums {
  const held = new Map<number, Sums>();

  const addRows = async ({ byServer }: Sums, since: number, after: number, upTo: number): Promise<void> => {
    const rows = await kysely
      .selectFrom("transfers")
      .where("id", ">", after)
      .where("id", "<=", upTo)
      .where(
        sql<boolean>`CASE WHEN created_at >= ${writeTime(since + OFFSET_MARGIN_MS)} THEN 1 ELSE unixepoch(created_at, 'subsec') >= ${since / 1000} END`,
      )
      .groupBy("server_id")
      .select(["server_id as serverId", sql<number>`total("in")`.as("in"), sql<number>`total("out")`.as("out")])
      .$castTo<{ serverId: number } & Traffic>()
      .execute();
    for (const row of rows) {
      const sum = byServer.get(row.serverId) ?? { in: 0, out: 0 };
      byServer.set(row.serverId, { in: sum.in + row.in, out: sum.out + row.out });
    }
  };

  return {
    async since(since) {
      const sums: Sums = held.get(since) ?? { lastId: 0, byServer: new Map() };
      const newest = await newestRow(kysely);
      while (sums.lastId < newest) {
        const upTo = Math.min(sums.lastId + ROWS_AT_ONCE, newest);
        await addRows(sums, since, sums.lastId, upTo);
        sums.lastId = upTo;
        await yieldToOthers();
      }
      held.set(since, sums);
      return sums.byServer;
    },
    keep(moments) {
      for (const moment of held.keys()) if (!moments.has(moment)) held.delete(moment);
    },
  };
}
