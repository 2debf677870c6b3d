import { setImmediate as yieldToOthers } from "node:timers/promises";
import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { writeTime } from "#platform/database";
import type { Database } from "#platform/database";
import { cycleWindow } from "./cycle-window.ts";
import { isCycle } from "./model.ts";
import type { AlertRule } from "./model.ts";
import { newestRow, OFFSET_MARGIN_MS, ROWS_AT_ONCE } from "./traffic-sums.ts";

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
  for (const condition of rules.flatMap((rule) => rule.rules ?? []).filter(isCycle)) {
    const start = cycleWindow(condition, now)?.fromMs;
    if (start === undefined) continue;
    if (condition.cover === 0) everywhere = Math.min(everywhere ?? start, start);
    else
      for (const [id, on] of Object.entries(condition.ignore))
        if (on) listed.set(Number(id), Math.min(listed.get(Number(id)) ?? start, start));
  }
  const byServer = new Map([...listed].filter(([, start]) => listedAlone || everywhere === undefined || start < everywhere));
  return { everywhere, byServer };
}

/** Deletes recorded traffic that no rule looks at, and that of servers that are gone. */
export async function cleanTraffic({ kysely }: Database, { everywhere, byServer }: TrafficNeed): Promise<void> {
  const special = [...byServer].map(([id, since]) => sql<boolean>`(server_id = ${id} AND ${isBefore(since)})`);
  const ordinary = byServer.size === 0 ? sql<boolean>`1` : sql<boolean>`server_id NOT IN (${sql.join([...byServer.keys()])})`;
  const unneeded = sql.join(
    [
      sql<boolean>`server_id IS NULL OR server_id NOT IN (SELECT id FROM servers)`,
      ...special,
      everywhere === undefined ? ordinary : sql<boolean>`(${ordinary} AND ${isBefore(everywhere)})`,
    ],
    sql` OR `,
  );
  const newest = await newestRow(kysely);
  for (let after = 0; after < newest; after += ROWS_AT_ONCE) {
    await kysely
      .deleteFrom("transfers")
      .where("id", ">", after)
      .where("id", "<=", after + ROWS_AT_ONCE)
      .where(sql<boolean>`(${unneeded})`)
      .execute();
    await yieldToOthers();
  }
}

/** A text far enough off decides alone, because reading an instant costs more. */
function isBefore(moment: number): RawBuilder<boolean> {
  return sql<boolean>`(created_at < ${writeTime(moment + OFFSET_MARGIN_MS)} AND unixepoch(created_at, 'subsec') < ${moment / 1000})`;
}
