import { setImmediate as yieldToOthers } from "node:timers/promises";
import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";
import { cycleWindow } from "./cycle-window.ts";
import { conditionProblem, conditionsOf, isCycle } from "./model.ts";
import type { AlertRule } from "./model.ts";
import { OFFSET_MARGIN_MS } from "./traffic-sums.ts";

/** A cycle whose period cannot be reckoned keeps every row of the servers it covers: what is deleted cannot be had back. */
const ALWAYS = 0;

/** From when on traffic is needed: Unix milliseconds; `undefined` where no rule asks for any. */
export interface TrafficNeed {
  readonly everywhere: number | undefined;
  /** Servers of which something else is needed. */
  readonly byServer: ReadonlyMap<number, number>;
}

/**
 * What the cycle conditions of all rules need, also of those that are off (spec 30 section 8.7). The reference keeps of a server that a
 * condition lists only what such conditions need: `listedAlone` does so too.
 */
export function trafficNeed(rules: readonly AlertRule[], now: number, { listedAlone }: { readonly listedAlone: boolean }): TrafficNeed {
  let everywhere: number | undefined;
  const listed = new Map<number, number>();
  for (const condition of rules.flatMap(conditionsOf).filter(isCycle)) {
    const isGood = conditionProblem(condition, now) === undefined;
    const start = (isGood ? cycleWindow(condition, now)?.fromMs : undefined) ?? ALWAYS;
    if (condition.cover === 0) everywhere = Math.min(everywhere ?? start, start);
    else
      for (const [id, on] of Object.entries(condition.ignore))
        if (on) listed.set(Number(id), Math.min(listed.get(Number(id)) ?? start, start));
  }
  const byServer = new Map([...listed].filter(([, start]) => listedAlone || everywhere === undefined || start < everywhere));
  return { everywhere, byServer };
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
