import { mergeRows } from "../codec/rows.ts";
import { HALF_DAYS, HALF_MS } from "../files/segment-kinds.ts";
import { keysOfSegment, unionOf, writing, type Rewriting, type RewritingDeps } from "./rewriting.ts";
import { rollRows } from "./rollup.ts";

/** Brings the half-hour points up to what the days' segments hold now. */
export function createHalving(deps: RewritingDeps, { writerFor, replace }: Rewriting): () => Promise<void> {
  const { catalog, plans, reading, slotMs } = deps;

  const halvePeriod = async (period: number): Promise<void> => {
    const start = period * HALF_DAYS;
    const rolledToo = new Set(catalog.halfRolledDays());
    const days = catalog.rawDays().flatMap((day) => (halfPeriodOf(day) === period && !rolledToo.has(day) ? (catalog.raw(day) ?? []) : []));
    const path = catalog.spanPath("half", start, HALF_DAYS);
    const stamps = days.flatMap((segment) => segment.stamps);
    const writer = writerFor("half", path, { day: start, days: HALF_DAYS, resolution: HALF_MS, stamps });
    await writing([writer], async () => {
      for (const plan of plans) {
        for (const key of unionOf(days.map((segment) => keysOfSegment(segment, plan)))) {
          const parts = days.flatMap((segment) => reading.segmentDay(segment, plan, key) ?? []);
          if (parts.length === 0) continue;
          const number = Math.max(...parts.map((part) => part.number));
          const halves = parts.map(({ rows }) => rollRows(rows, HALF_MS / slotMs, plan.summary));
          writer.add(plan.index, key, number, mergeRows(halves, plan.folds));
          await deps.breathe();
        }
      }
      await writer.finish();
    });
    await replace([{ kind: "half", path, writer }], () => []);
  };

  return async () => {
    const rolledToo = new Set(catalog.halfRolledDays());
    const stale = catalog.rawDays().filter((day) => !rolledToo.has(day) && catalog.half(day) === undefined);
    for (const period of new Set(stale.map(halfPeriodOf))) await halvePeriod(period);
  };
}

/** Days that share a file of half-hour points. */
export function halfPeriodOf(day: number): number {
  return Math.floor(day / HALF_DAYS);
}
