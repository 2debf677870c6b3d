import type { FamilyPlan } from "@windfire/tsdb";
import { sentValue } from "../victoria/lines.ts";
import type { SentRow } from "../victoria/lines.ts";
import { MOVED, slotOf, stampOf, writerOf } from "../victoria/stamp.ts";

/** Part of a value that may be lost where numbers are kept as decimals. */
const LOST = 1e-9;

/**
 * Rows that are not there as they are here. Somebody else's point of a half minute stands for one that was not sent.
 *
 * @param stored values of each column by when they are kept
 */
export function differentRows(plan: FamilyPlan, rows: readonly SentRow[], stored: readonly ReadonlyMap<number, number>[]): number {
  const taken = new Set(stored.flatMap((column) => [...column.keys()].filter((at) => writerOf(at) !== MOVED).map(slotOf)));
  const isSame = ({ slot, count, values }: SentRow): boolean =>
    plan.family.columns.every(({ step }, column) => {
      const here = sentValue(values[column] as number, step);
      const there = stored[column]?.get(stampOf(slot, count, MOVED)) ?? Number.NaN;
      return Number.isNaN(here) ? Number.isNaN(there) : Math.abs(here - there) <= LOST * Math.max(1, Math.abs(here));
    });
  return rows.filter((row) => !isSame(row) && !taken.has(row.slot)).length;
}
