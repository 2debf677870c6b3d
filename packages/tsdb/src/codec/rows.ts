import type { Fold } from "../schema.ts";

/** Points of one group, ascending by slot. A slot is a time divided by the resolution; NaN stands for "no value". */
export interface Rows {
  readonly length: number;
  readonly slots: Int32Array;
  /** Samples folded into each row: the weights of means. */
  readonly counts: Uint32Array;
  readonly columns: readonly Float64Array[];
}

/** Room for rows, filled from the front. */
export function emptyRows(length: number, columns: number): Rows {
  return {
    length,
    slots: new Int32Array(length),
    counts: new Uint32Array(length),
    columns: Array.from({ length: columns }, () => new Float64Array(length).fill(Number.NaN)),
  };
}

/** Adds a value to what a bucket holds already; `weight` and `held` are numbers of samples. */
export function foldValue(fold: Fold, before: number, held: number, value: number, weight: number): number {
  if (Number.isNaN(before)) return value;
  if (Number.isNaN(value)) return before;
  switch (fold) {
    case "mean":
      return before + ((value - before) * weight) / (held + weight);
    case "last":
      return value;
    case "sum":
      return before + value;
    case "min":
      return Math.min(before, value);
    case "max":
      return Math.max(before, value);
  }
}

/** How much a row counts: what a column says, all its samples where there is none or it says nothing. */
export function weightAt(counts: Uint32Array, weights: ArrayLike<number> | undefined, row: number): number {
  const weight = weights?.[row] ?? Number.NaN;
  return Number.isNaN(weight) ? (counts[row] as number) : weight;
}

/**
 * Rows of several sources as one list without repeated slots. Of the same slot, later sources count as later samples. Their columns must
 * agree in number and meaning.
 */
export function mergeRows(sources: readonly Rows[], folds: readonly Fold[]): Rows {
  const [only] = sources;
  if (sources.length === 1 && only !== undefined && isAscending(only)) return only;
  const total = sources.reduce((sum, rows) => sum + rows.length, 0);
  const joined = joinRows(sources, total, folds.length);
  if (isAscending(joined)) return joined;
  const order = sortedPositions(sources, total);
  const merged = emptyRows(total, folds.length);
  let used = 0;
  for (const position of order) {
    const source = sources[Math.floor(position / SOURCE_SPAN)] as Rows;
    const row = position % SOURCE_SPAN;
    const slot = source.slots[row] as number;
    if (used === 0 || merged.slots[used - 1] !== slot) merged.slots[used++] = slot;
    addRow(merged, used - 1, source, row, folds);
  }
  return used === total ? merged : sliceRows(merged, 0, used);
}

/** Part of the rows, without copying. */
export function sliceRows(rows: Rows, from: number, to: number): Rows {
  return {
    length: to - from,
    slots: rows.slots.subarray(from, to),
    counts: rows.counts.subarray(from, to),
    columns: rows.columns.map((column) => column.subarray(from, to)),
  };
}

/** Position of the first row at or after `slot`. */
export function firstAt(slots: ArrayLike<number>, length: number, slot: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((slots[middle] as number) < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}

const SOURCE_SPAN = 2 ** 20;

function joinRows(sources: readonly Rows[], total: number, columns: number): Rows {
  const joined = emptyRows(total, columns);
  let at = 0;
  for (const rows of sources) {
    joined.slots.set(rows.slots, at);
    joined.counts.set(rows.counts, at);
    for (const [index, column] of rows.columns.entries()) joined.columns[index]?.set(column, at);
    at += rows.length;
  }
  return joined;
}

function sortedPositions(sources: readonly Rows[], total: number): Float64Array {
  const positions = new Float64Array(total);
  let used = 0;
  for (const [index, rows] of sources.entries()) {
    for (let row = 0; row < rows.length; row++) positions[used++] = index * SOURCE_SPAN + row;
  }
  const slotAt = (position: number): number => sources[Math.floor(position / SOURCE_SPAN)]?.slots[position % SOURCE_SPAN] as number;
  return positions.sort((a, b) => slotAt(a) - slotAt(b) || a - b);
}

function addRow(into: Rows, at: number, from: Rows, row: number, folds: readonly Fold[]): void {
  const held = into.counts[at] as number;
  const weight = from.counts[row] as number;
  for (const [index, fold] of folds.entries()) {
    const target = into.columns[index] as Float64Array;
    target[at] = foldValue(fold, target[at] as number, held, (from.columns[index] as Float64Array)[row] as number, weight);
  }
  into.counts[at] = held + weight;
}

function isAscending(rows: Rows): boolean {
  for (let row = 1; row < rows.length; row++) {
    if ((rows.slots[row] as number) <= (rows.slots[row - 1] as number)) return false;
  }
  return true;
}
