import { cell, copyColumn, createPagedRows, insertRow, removeFirst, rowOf, type PagedRows, type PagePool } from "./codec/row-pages.ts";
import { foldValue, type Rows } from "./codec/rows.ts";
import type { Fold } from "./schema.ts";

/** The newest points of one group, not sealed yet: the slot that is being filled, and closed rows (slot, count, values), ascending by slot. */
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
  /** Samples of that slot that had a value, by column. */
  held: Uint32Array;
  /** The slot being filled has changed since it was last logged. */
  dirty: boolean;
  readonly rows: PagedRows;
}

/** Where in a row its slot, its count and its values lie. */
const SLOT = 0;
const COUNT = 1;
const VALUES = 2;

const NOTHING = new Float64Array(0);
const NONE_HELD = new Uint32Array(0);

export function createGroup(family: number, key: number, pool: PagePool): Group {
  const rows = createPagedRows(pool);
  return { family, key, closed: 0, oldest: 0, since: 0, slot: -1, count: 0, values: NOTHING, held: NONE_HELD, dirty: false, rows };
}

/** Folds one sample into the slot being filled, which must be the sample's. */
export function addSample(group: Group, folds: readonly Fold[], values: ArrayLike<number>, offset: number): void {
  group.count++;
  const into = group.values;
  for (let column = 0; column < folds.length; column++) {
    const value = values[offset + column] as number;
    if (!Number.isFinite(value)) continue;
    const held = group.held[column] as number;
    group.held[column] = held + 1;
    into[column] = held === 0 ? value : foldValue(folds[column] as Fold, into[column] as number, held, value, 1);
  }
}

/** Begins to fill `slot`. */
export function openSlot(group: Group, columns: number, slot: number): void {
  if (group.values.length !== columns) {
    group.values = new Float64Array(columns);
    group.held = new Uint32Array(columns);
  }
  group.values.fill(Number.NaN);
  group.held.fill(0);
  group.slot = slot;
  group.count = 0;
}

/** Goes on with a slot as a log has it; how many of its samples had a value is not known any more. */
export function resumeSlot(group: Group, values: Float64Array, count: number): void {
  group.values.set(values);
  group.count = count;
  for (const [column, value] of values.entries()) group.held[column] = Number.isNaN(value) ? 0 : count;
}

/** Adds a closed row, or folds it into the row of the same slot. */
export function addRow(group: Group, folds: readonly Fold[], row: { slot: number; count: number; values: Float64Array }): void {
  const { rows } = group;
  const at = positionOf(rows, row.slot);
  if (at === rows.length || cell(rows, at, SLOT) !== row.slot) {
    const target = insertRow(rows, at);
    target[SLOT] = row.slot;
    target[COUNT] = row.count;
    target.set(row.values, VALUES);
    return;
  }
  const target = rowOf(rows, at);
  const held = target[COUNT] as number;
  for (let column = 0; column < folds.length; column++) {
    const index = VALUES + column;
    target[index] = foldValue(folds[column] as Fold, target[index] as number, held, row.values[column] as number, row.count);
  }
  target[COUNT] = held + row.count;
}

/** Some columns of the closed rows from `from` up to `to`, which are slots, both inside. */
export function headRows({ rows }: Group, columns: readonly number[], from = 0, to = Number.POSITIVE_INFINITY): Rows {
  const start = positionOf(rows, from);
  const length = Math.max(0, positionOf(rows, to + 1) - start);
  const copied = (column: number): Float64Array => {
    const values = new Float64Array(length);
    copyColumn(rows, column, start, values);
    return values;
  };
  return {
    length,
    slots: new Int32Array(copied(SLOT)),
    counts: new Uint32Array(copied(COUNT)),
    columns: columns.map((column) => copied(VALUES + column)),
  };
}

/** Slot and values of the newest closed row. */
export function newestRow(group: Group): { slot: number; values: Float64Array } | undefined {
  if (group.rows.length === 0) return undefined;
  const row = rowOf(group.rows, group.rows.length - 1);
  return { slot: row[SLOT] as number, values: row.slice(VALUES) };
}

/** Forgets the oldest closed rows, which are in a chunk now. */
export function forgetRows(group: Group, count: number): void {
  removeFirst(group.rows, count);
  if (group.rows.length === 0) group.oldest = 0;
}

/** Forgets everything that is not sealed. */
export function clearGroup(group: Group): void {
  forgetRows(group, group.rows.length);
  group.slot = -1;
  group.count = 0;
  group.values = NOTHING;
  group.held = NONE_HELD;
  group.dirty = false;
}

function positionOf(rows: PagedRows, slot: number): number {
  let low = 0;
  let high = rows.length;
  if (high === 0 || cell(rows, high - 1, SLOT) < slot) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cell(rows, middle, SLOT) < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}
