import { firstAt } from "../codec/rows.ts";
import type { Fold, Stat } from "../schema.ts";
import { createColumn, type BucketColumn, type Placed, type RowTimes } from "./bucket-columns.ts";

/** Points of a query, ascending; buckets without samples are left out. */
export interface Points {
  /** Start of each bucket, Unix milliseconds: a multiple of the step since the epoch. */
  readonly starts: Float64Array;
  /** Samples in the bucket. */
  readonly counts: Float64Array;
  /** Values in the order of the query's columns; NaN where a column has none. */
  readonly columns: readonly Float64Array[];
}

export interface FoldSource {
  /** Resolution of the rows, milliseconds. */
  readonly slotMs: number;
  /** False for roll-ups, whose percentiles are values already. */
  readonly samples: boolean;
}

/** What takes the rows of sources, oldest first. */
export interface RowSink {
  /** Takes one column of rows, which are the caller's again afterwards; all columns of a source are to be handed over. */
  fold(column: number, rows: RowTimes, values: Float64Array, source: FoldSource): void;
}

/** Buckets of a query, filled from any number of sources. */
export interface Buckets extends RowSink {
  /** The same once more, for rows up to `to` in the last bucket: what is folded into one of them is not in the other. */
  copy(to: number): Buckets;
  /** Start of the newest row that was folded, Unix milliseconds; -1 when none was. */
  readonly newest: number;
  /** What they take of the memory. */
  readonly bytes: number;
  /** To be called last: the buckets are used up by it. */
  points(): Points;
}

/** Unix milliseconds, both inside. */
export interface BucketWindow {
  readonly from: number;
  readonly to: number;
  /** Milliseconds of a bucket. */
  readonly step: number;
  /** Rows that begin before `from` and reach into it are left out: another answer has them. */
  readonly isContinued?: boolean | undefined;
}

/** A column of the answer. */
interface BucketWant {
  readonly stat: Stat;
  readonly fold: Fold;
  /** Column that weighs it. */
  readonly weight?: number | undefined;
}

/** What buckets hold. */
interface Held {
  readonly counts: Float64Array;
  readonly columns: readonly BucketColumn[];
  newest: number;
}

const NO_ROWS: RowTimes = { length: 0, slots: new Int32Array(0), counts: new Uint32Array(0) };
const NOWHERE = new Int32Array(0);

/** Empty buckets of a window, for columns in the order of `wanted`. */
export function createBuckets(window: BucketWindow, wanted: readonly BucketWant[]): Buckets {
  const { from, to, step } = window;
  const length = Math.max(0, Math.floor(to / step) - Math.floor(from / step) + 1);
  const columns = wanted.map(({ stat, fold }) => createColumn(length, stat, fold));
  return bucketsOf(window, wanted, { counts: new Float64Array(length), columns, newest: -1 });
}

function bucketsOf(window: BucketWindow, wanted: readonly BucketWant[], held: Held): Buckets {
  const { from, to, step } = window;
  const first = Math.floor(from / step);
  const { counts, columns } = held;
  const placed: Placed = { rows: NO_ROWS, from: 0, to: 0, slotMs: 1, buckets: NOWHERE };
  const weighing = new Set(wanted.map(({ weight }) => weight));
  /** Of the rows that are placed: columns that weigh others, and those that came before what weighs them. */
  let weights = new Map<number, Float64Array>();
  let waiting: { readonly column: number; readonly values: Float64Array }[] = [];
  const add = (index: number, values: Float64Array, samples: boolean): void => {
    const weight = wanted[index]?.weight;
    const found = weight === undefined ? undefined : weights.get(weight);
    if (weight !== undefined && found === undefined) waiting.push({ column: index, values: values.slice(0, placed.rows.length) });
    else columns[index]?.add(placed, values, samples, found);
    if (!weighing.has(index)) return;
    weights.set(index, values.slice(0, placed.rows.length));
    const ready = waiting.filter(({ column }) => wanted[column]?.weight === index);
    waiting = waiting.filter((one) => !ready.includes(one));
    for (const one of ready) columns[one.column]?.add(placed, one.values, samples, weights.get(index));
  };
  /** Buckets that are copied are kept for long, without the rows that they were filled from. */
  const letGo = (): void => {
    placed.rows = NO_ROWS;
    placed.buckets = NOWHERE;
    weights = new Map();
    waiting = [];
  };
  /** Rows are placed once for all their columns. */
  const place = (rows: RowTimes, slotMs: number): void => {
    weights = new Map();
    waiting = [];
    placed.rows = rows;
    placed.slotMs = slotMs;
    placed.from = firstInside(rows, slotMs, window);
    placed.to = firstAt(rows.slots, rows.length, Math.floor(to / slotMs) + 1);
    if (placed.from < placed.to) held.newest = Math.max(held.newest, (rows.slots[placed.to - 1] as number) * slotMs);
    if (placed.buckets.length < rows.length) placed.buckets = new Int32Array(rows.length);
    placeRows(placed, step / slotMs, first);
  };
  return {
    fold: (index, rows, values, { slotMs, samples }) => {
      if (placed.rows !== rows) place(rows, slotMs);
      if (index === 0) addCounts(counts, placed);
      add(index, values, samples);
    },
    copy: (until) => {
      letGo();
      const copied = { counts: counts.slice(), columns: columns.map((column) => column.copy()), newest: held.newest };
      return bucketsOf({ ...window, to: until }, wanted, copied);
    },
    get newest() {
      return held.newest;
    },
    get bytes() {
      return columns.reduce((sum, column) => sum + column.bytes, counts.byteLength);
    },
    points: () =>
      pointsOf(
        first,
        step,
        counts,
        columns.map((column) => column.values()),
      ),
  };
}

/** Points of one answer behind those of another. */
export function joinPoints(before: Points, after: Points): Points {
  const joined = (a: Float64Array, b: Float64Array): Float64Array => {
    const both = new Float64Array(a.length + b.length);
    both.set(a);
    both.set(b, a.length);
    return both;
  };
  return {
    starts: joined(before.starts, after.starts),
    counts: joined(before.counts, after.counts),
    columns: before.columns.map((column, index) => joined(column, after.columns[index] as Float64Array)),
  };
}

/** Position of the first row of a window. */
export function firstInside({ slots, length }: RowTimes, slotMs: number, { from, isContinued = false }: BucketWindow): number {
  return firstAt(slots, length, isContinued ? Math.ceil(from / slotMs) : Math.floor(from / slotMs));
}

/** `ratio` are the slots of a bucket, below 1 where the rows are coarser; such rows may begin before the first bucket. */
function placeRows({ rows, from, to, buckets }: Placed, ratio: number, first: number): void {
  let bucket = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (let row = from; row < to; row++) {
    const slot = rows.slots[row] as number;
    if (slot >= end) {
      const number = Math.floor(slot / ratio);
      bucket = Math.max(0, number - first);
      end = (number + 1) * ratio;
    }
    buckets[row] = bucket;
  }
}

function addCounts(counts: Float64Array, { rows, from, to, buckets }: Placed): void {
  for (let row = from; row < to;) {
    const bucket = buckets[row] as number;
    let count = counts[bucket] as number;
    for (; row < to && buckets[row] === bucket; row++) count += rows.counts[row] as number;
    counts[bucket] = count;
  }
}

function pointsOf(first: number, step: number, counts: Float64Array, columns: readonly Float64Array[]): Points {
  const starts = new Float64Array(counts.length);
  let used = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    if (counts[bucket] === 0) continue;
    starts[used] = (first + bucket) * step;
    if (used !== bucket) {
      counts[used] = counts[bucket] as number;
      for (const column of columns) column[used] = column[bucket] as number;
    }
    used++;
  }
  return { starts: starts.subarray(0, used), counts: counts.subarray(0, used), columns: columns.map((column) => column.subarray(0, used)) };
}
