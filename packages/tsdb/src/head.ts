import { emptyRows, foldValue, type Rows } from "./rows.ts";
import type { Fold } from "./schema.ts";

const GROWTH = 16;

/**
 * The newest points of one group, not sealed yet: the slot that is being filled, and closed rows in one compact array (slot, count,
 * values; ascending by slot).
 */
export interface Group {
  readonly family: number;
  readonly key: number;
  /** Number of the last closed row; rows are numbered through the whole store. */
  closed: number;
  /** Number of the oldest closed row that is in no chunk yet; 0 without such rows. */
  oldest: number;
  /** Clock time at which the oldest of these rows was closed. */
  since: number;
  /** Slot being filled; -1 when none is. */
  slot: number;
  count: number;
  values: Float64Array;
  /** The slot being filled has changed since it was last logged. */
  dirty: boolean;
  rows: Float64Array;
  length: number;
}

const NOTHING = new Float64Array(0);

export function createGroup(family: number, key: number): Group {
  return { family, key, closed: 0, oldest: 0, since: 0, slot: -1, count: 0, values: NOTHING, dirty: false, rows: NOTHING, length: 0 };
}

/** Folds one sample into the slot being filled, which must be the sample's. */
export function addSample(group: Group, folds: readonly Fold[], values: ArrayLike<number>, offset: number): void {
  const held = group.count++;
  const into = group.values;
  for (let column = 0; column < folds.length; column++) {
    const value = values[offset + column] as number;
    if (!Number.isFinite(value)) continue;
    const before = into[column] as number;
    into[column] = held === 0 || Number.isNaN(before) ? value : foldValue(folds[column] as Fold, before, held, value, 1);
  }
}

/** Begins to fill `slot`. */
export function openSlot(group: Group, columns: number, slot: number): void {
  if (group.values.length !== columns) group.values = new Float64Array(columns);
  group.values.fill(Number.NaN);
  group.slot = slot;
  group.count = 0;
}

/** Adds a closed row, or folds it into the row of the same slot. */
export function addRow(group: Group, folds: readonly Fold[], row: { slot: number; count: number; values: Float64Array }): void {
  const width = folds.length + 2;
  const at = positionOf(group, width, row.slot);
  const start = at * width;
  if (at < group.length && group.rows[start] === row.slot) {
    const held = group.rows[start + 1] as number;
    for (let column = 0; column < folds.length; column++) {
      const index = start + 2 + column;
      group.rows[index] = foldValue(folds[column] as Fold, group.rows[index] as number, held, row.values[column] as number, row.count);
    }
    group.rows[start + 1] = held + row.count;
    return;
  }
  grow(group, width);
  group.rows.copyWithin(start + width, start, group.length * width);
  group.rows[start] = row.slot;
  group.rows[start + 1] = row.count;
  group.rows.set(row.values, start + 2);
  group.length++;
}

/** The closed rows as columns. */
export function headRows(group: Group, columns: number): Rows {
  const rows = emptyRows(group.length, columns);
  const width = columns + 2;
  for (let row = 0; row < group.length; row++) {
    const start = row * width;
    rows.slots[row] = group.rows[start] as number;
    rows.counts[row] = group.rows[start + 1] as number;
    for (let column = 0; column < columns; column++) (rows.columns[column] as Float64Array)[row] = group.rows[start + 2 + column] as number;
  }
  return rows;
}

/** Forgets the closed rows, which are in a chunk now. */
export function clearRows(group: Group): void {
  group.rows = NOTHING;
  group.length = 0;
  group.oldest = 0;
}

/** Forgets everything that is not sealed. */
export function clearGroup(group: Group): void {
  clearRows(group);
  group.slot = -1;
  group.count = 0;
  group.values = NOTHING;
  group.dirty = false;
}

function positionOf(group: Group, width: number, slot: number): number {
  let low = 0;
  let high = group.length;
  if (high === 0 || (group.rows[(high - 1) * width] as number) < slot) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((group.rows[middle * width] as number) < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}

function grow(group: Group, width: number): void {
  if ((group.length + 1) * width <= group.rows.length) return;
  const larger = new Float64Array((group.length + GROWTH) * width);
  larger.set(group.rows.subarray(0, group.length * width));
  group.rows = larger;
}
