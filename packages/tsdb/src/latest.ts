import type { FamilyPlan } from "./families.ts";
import type { Catalog } from "./files/catalog.ts";
import { newestRow, type Group } from "./head.ts";
import type { Reading } from "./query/reading.ts";

/** What is known of a group last. */
export interface Latest {
  /** Start of the slot, Unix milliseconds. */
  readonly at: number;
  /** In the order of the family's columns; NaN where there is none. */
  readonly values: Float64Array;
}

export function newestInMemory(group: Group, slotMs: number): Latest | undefined {
  const closed = newestRow(group);
  if (group.count > 0 && group.slot >= (closed?.slot ?? 0)) return { at: group.slot * slotMs, values: group.values.slice() };
  return closed === undefined ? undefined : { at: closed.slot * slotMs, values: closed.values };
}

export function newestSealed(
  { catalog, reading, slotMs }: { readonly catalog: Catalog; readonly reading: Reading; readonly slotMs: number },
  plan: FamilyPlan,
  key: number,
): Latest | undefined {
  const days = new Set([...catalog.rawDays(), ...catalog.chunkDays()]);
  for (const day of [...days].sort((a, b) => b - a)) {
    const rows = reading.sealedDay(plan, key, day)?.rows;
    if (rows === undefined || rows.length === 0) continue;
    const row = rows.length - 1;
    return { at: (rows.slots[row] as number) * slotMs, values: Float64Array.from(rows.columns, (column) => column[row] as number) };
  }
  return undefined;
}
