import { setImmediate as yieldToOthers } from "node:timers/promises";
import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";
import { OFFSET_MARGIN_MS } from "./sums.ts";

/** From when on traffic is needed: Unix milliseconds; `undefined` where no rule asks for any. */
export interface TrafficNeed {
  readonly everywhere: number | undefined;
  /** Servers of which something else is needed. */
  readonly byServer: ReadonlyMap<number, number>;
}

/** Rows of one statement: a long history does not hold up everybody else. */
const ROWS_AT_ONCE = 5_000;

/** Deletes recorded traffic that no rule looks at, and that of servers that are gone. */
export async function cleanTraffic({ kysely }: Database, { everywhere, byServer }: TrafficNeed): Promise<void> {
  const known = new Set((await kysely.selectFrom("servers").select("id").execute()).map((row) => row.id));
  const deleteRows = async (which: RawBuilder<boolean>): Promise<void> => {
    for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE;) {
      const some = sql`SELECT id FROM transfers WHERE ${which} LIMIT ${ROWS_AT_ONCE}`;
      const { numAffectedRows } = await sql`DELETE FROM transfers WHERE id IN (${some})`.execute(kysely);
      deleted = Number(numAffectedRows ?? 0);
      await yieldToOthers();
    }
  };
  await deleteRows(sql<boolean>`server_id IS NULL`);
  for (const id of await recordedServers(kysely)) {
    const since = known.has(id) ? (byServer.get(id) ?? everywhere) : undefined;
    await deleteRows(since === undefined ? sql<boolean>`server_id = ${id}` : sql<boolean>`server_id = ${id} AND ${isBefore(since)}`);
  }
}

/** Servers that rows speak of: the index gives one after another without reading the rows. */
async function recordedServers(kysely: Queries): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    WITH RECURSIVE found(id) AS (
      SELECT min(server_id) FROM transfers
      UNION ALL
      SELECT (SELECT min(server_id) FROM transfers WHERE server_id > found.id) FROM found WHERE found.id IS NOT NULL
    )
    SELECT id FROM found WHERE id IS NOT NULL`.execute(kysely);
  return rows.map((row) => row.id);
}

/** A text far enough off decides alone, because reading an instant costs more. */
function isBefore(moment: number): RawBuilder<boolean> {
  return sql<boolean>`(created_at < ${writeTime(moment + OFFSET_MARGIN_MS)} AND unixepoch(created_at, 'subsec') < ${moment / 1000})`;
}
