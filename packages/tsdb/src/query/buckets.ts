import { firstAt, foldValue, weightAt } from "../codec/rows.ts";
import { percentile, rankOf, type Fold, type Stat } from "../schema.ts";

/** Points of a query, ascending; buckets without samples are left out. */
export interface Points {
  /** Start of each bucket, Unix milliseconds: a multiple of the step since the epoch. */
  readonly starts: Float64Array;
  /** Samples in the bucket. */
  readonly counts: Float64Array;
  /** Values in the order of the query's columns; NaN where a column has none. */
  readonly columns: readonly Float64Array[];
}

/** Slots and sample counts of rows, ascending. */
export interface RowTimes {
  readonly length: number;
  readonly slots: Int32Array;
  readonly counts: Uint32Array;
}

export interface FoldSource {
  /** Resolution of the rows, milliseconds. */
  readonly slotMs: number;
  /** False for roll-ups, whose percentiles are values already. */
  readonly samples: boolean;
}

/** Buckets of a query, filled from any number of sources, newest first. */
export interface Buckets {
  /** Folds one column of rows into the buckets; all columns of a source are to be folded. */
  fold(column: number, rows: RowTimes, values: Float64Array, source: FoldSource): void;
  points(): Points;
}

/** Rows that fall into the window, and the bucket of each. */
interface Placed {
  rows: RowTimes;
  from: number;
  to: number;
  slotMs: number;
  buckets: Int32Array;
}

/** One column of an answer while it is put together. */
interface BucketColumn {
  add(placed: Placed, values: Float64Array, samples: boolean, weights?: Float64Array): void;
  values(): Float64Array;
}

const NO_ROWS: RowTimes = { length: 0, slots: new Int32Array(0), counts: new Uint32Array(0) };

/** Buckets from `from` to `to` (Unix ms, both inside). */
export function createBuckets(
  from: number,
  to: number,
  step: number,
  wanted: readonly { readonly stat: Stat; readonly fold: Fold; readonly weight?: number | undefined }[],
): Buckets {
  const first = Math.floor(from / step);
  const length = Math.max(0, Math.floor(to / step) - first + 1);
  const counts = new Float64Array(length);
  const columns = wanted.map(({ stat, fold }) => createColumn(length, stat, fold));
  const placed: Placed = { rows: NO_ROWS, from: 0, to: 0, slotMs: 1, buckets: new Int32Array(256) };
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
  /** Rows are placed once for all their columns. */
  const place = (rows: RowTimes, slotMs: number): void => {
    weights = new Map();
    waiting = [];
    placed.rows = rows;
    placed.slotMs = slotMs;
    placed.from = firstAt(rows.slots, rows.length, Math.floor(from / slotMs));
    placed.to = firstAt(rows.slots, rows.length, Math.floor(to / slotMs) + 1);
    if (placed.buckets.length < rows.length) placed.buckets = new Int32Array(rows.length * 2);
    placeRows(placed, step / slotMs, first);
  };
  return {
    fold: (index, rows, values, { slotMs, samples }) => {
      if (placed.rows !== rows) place(rows, slotMs);
      if (index === 0) addCounts(counts, placed);
      add(index, values, samples);
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

function createColumn(length: number, stat: Stat, fold: Fold): BucketColumn {
  const rank = rankOf(stat);
  if (rank !== undefined) return createPercentiles(length, rank);
  return fold === "last" ? createLast(length) : createFolded(length, fold);
}

function createFolded(length: number, fold: Fold): BucketColumn {
  const folded = new Float64Array(length).fill(Number.NaN);
  const held = new Float64Array(length);
  return {
    add: (placed, values, _samples, weights) => {
      const { rows, from, to, buckets } = placed;
      // Rows of one bucket follow each other.
      for (let row = from; row < to;) {
        const bucket = buckets[row] as number;
        let before = held[bucket] as number;
        let result = folded[bucket] as number;
        for (; row < to && buckets[row] === bucket; row++) {
          const value = values[row] as number;
          if (Number.isNaN(value)) continue;
          const weight = weightAt(rows.counts, weights, row);
          if (before === 0) result = value;
          else if (fold === "mean") result += ((value - result) * weight) / (before + weight);
          else result = foldValue(fold, result, before, value, weight);
          before += weight;
        }
        held[bucket] = before;
        folded[bucket] = result;
      }
    },
    values: () => folded,
  };
}

/** The value of the latest slot wins; of the same slot the one that is read first, since sources are read from new to old. */
function createLast(length: number): BucketColumn {
  const last = new Float64Array(length).fill(Number.NaN);
  const latest = new Float64Array(length).fill(-1);
  return {
    add: (placed, values) => {
      const { rows, from, to, slotMs, buckets } = placed;
      for (let row = from; row < to; row++) {
        const value = values[row] as number;
        const time = (rows.slots[row] as number) * slotMs;
        const bucket = buckets[row] as number;
        if (Number.isNaN(value) || time <= (latest[bucket] as number)) continue;
        latest[bucket] = time;
        last[bucket] = value;
      }
    },
    values: () => last,
  };
}

/** Exact over points; where only roll-ups are left, the mean of theirs. */
function createPercentiles(length: number, rank: number): BucketColumn {
  const points = new Map<number, number[]>();
  const rolled = createFolded(length, "mean");
  return {
    add: (placed, values, samples) => {
      if (!samples) return rolled.add(placed, values, samples);
      const { from, to, buckets } = placed;
      for (let row = from; row < to; row++) {
        const value = values[row] as number;
        if (value > 0) collect(points, buckets[row] as number, value);
      }
    },
    values: () => {
      const values = rolled.values();
      for (const [bucket, found] of points) values[bucket] = percentile(Float64Array.from(found).sort(), rank);
      return values;
    },
  };
}

function collect(samples: Map<number, number[]>, bucket: number, value: number): void {
  const found = samples.get(bucket);
  if (found === undefined) samples.set(bucket, [value]);
  else found.push(value);
}
