import { setImmediate as yieldToOthers } from "node:timers/promises";
import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";

/** From when on traffic is needed: Unix milliseconds; `undefined` where no rule asks for any. */
export interface TrafficNeed {
  readonly everywhere: number | undefined;
  /** Servers of which something else is needed. */
  readonly byServer: ReadonlyMap<number, number>;
}

/** Rows of one statement: a long history does not hold up everybody else. */
const ROWS_AT_ONCE = 5_000;

/** Texts of two instants compare like the instants only within one offset; this is more than any two offsets differ. */
const OFFSET_MARGIN_MS = 27 * 3_600_000;

/** The ledger keeps this much also where no rule asks for any: a rule made today knows what was used of the month it is in. */
const LEDGER_MS = 62 * 24 * 3_600_000;

/** Deletes rows of table `transfers` as the reference does: those that no rule looks at, and of servers that are gone. */
export async function cleanTransfers({ kysely }: Database, { everywhere, byServer }: TrafficNeed): Promise<void> {
  const known = await knownServers(kysely);
  const some = (which: RawBuilder<boolean>): RawBuilder<unknown> =>
    sql`DELETE FROM transfers WHERE id IN (SELECT id FROM transfers WHERE ${which} LIMIT ${ROWS_AT_ONCE})`;
  await bySlices(kysely, some(sql<boolean>`server_id IS NULL`));
  for (const id of await recordedServers(kysely, "transfers")) {
    const since = known.has(id) ? (byServer.get(id) ?? everywhere) : undefined;
    const isOf = sql<boolean>`server_id = ${id}`;
    await bySlices(kysely, some(since === undefined ? isOf : sql<boolean>`${isOf} AND ${isBefore(since)}`));
  }
}

/**
 * Deletes of the ledger what is older than any rule and {@link LEDGER_MS} ask for, and that of servers that are gone.
 * @param isExact of servers that rules look at nothing else is kept
 */
export async function cleanLedger(
  { kysely }: Database,
  { everywhere, byServer }: TrafficNeed,
  { now, isExact }: { readonly now: number; readonly isExact: boolean },
): Promise<void> {
  const known = await knownServers(kysely);
  const kept = now - LEDGER_MS;
  for (const id of await recordedServers(kysely, "wf_traffic_hours")) {
    const needed = byServer.get(id) ?? everywhere;
    const since = isExact ? (needed ?? kept) : Math.min(needed ?? kept, kept);
    const isOld = known.has(id) ? sql<boolean>`at < ${since}` : sql<boolean>`1 = 1`;
    await bySlices(
      kysely,
      sql`DELETE FROM wf_traffic_hours WHERE server_id = ${id} AND at IN
        (SELECT at FROM wf_traffic_hours WHERE server_id = ${id} AND ${isOld} ORDER BY at LIMIT ${ROWS_AT_ONCE})`,
    );
  }
}

async function bySlices(kysely: Queries, deletion: RawBuilder<unknown>): Promise<void> {
  for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE;) {
    const { numAffectedRows } = await deletion.execute(kysely);
    deleted = Number(numAffectedRows ?? 0);
    await yieldToOthers();
  }
}

async function knownServers(kysely: Queries): Promise<ReadonlySet<number>> {
  return new Set((await kysely.selectFrom("servers").select("id").execute()).map((row) => row.id));
}

/** Servers that rows speak of: the index gives one after another without reading the rows. */
async function recordedServers(kysely: Queries, table: "transfers" | "wf_traffic_hours"): Promise<number[]> {
  const rows = sql.table(table);
  const { rows: found } = await sql<{ id: number }>`
    WITH RECURSIVE found(id) AS (
      SELECT min(server_id) FROM ${rows}
      UNION ALL
      SELECT (SELECT min(server_id) FROM ${rows} WHERE server_id > found.id) FROM found WHERE found.id IS NOT NULL
    )
    SELECT id FROM found WHERE id IS NOT NULL`.execute(kysely);
  return found.map((row) => row.id);
}

/** A text far enough off decides alone, because reading an instant costs more. */
function isBefore(moment: number): RawBuilder<boolean> {
  return sql<boolean>`(created_at < ${writeTime(moment + OFFSET_MARGIN_MS)} AND unixepoch(created_at, 'subsec') < ${moment / 1000})`;
}
