import { foldValue } from "./rows.ts";
import { percentile, rankOf, type Fold } from "./schema.ts";
import type { Stat } from "./schema.ts";

/** Points of a query, ascending; buckets without samples are left out. */
export interface Points {
  /** Start of each bucket, Unix milliseconds: a multiple of the step since the epoch. */
  readonly starts: Float64Array;
  /** Samples in the bucket. */
  readonly counts: Float64Array;
  /** Values in the order of the query's columns; NaN where a column has none. */
  readonly columns: readonly Float64Array[];
}

/** One column of an answer while it is put together. */
export interface BucketColumn {
  /** `samples` marks values of single points, of which percentiles can be taken. */
  add(bucket: number, slot: number, value: number, weight: number, held: number, samples: boolean): void;
  value(bucket: number): number;
}

/** Buckets of a query, filled from any number of sources, newest first. */
export interface Buckets {
  readonly length: number;
  /** Counts of samples are added by the first column only. */
  readonly counts: Float64Array;
  readonly columns: readonly BucketColumn[];
  /** Folds a column of rows into the buckets. `slotMs` is their resolution. */
  fold(
    column: number,
    rows: { readonly slots: Int32Array; readonly counts: Uint32Array; readonly length: number },
    values: Float64Array,
    source: FoldSource,
  ): void;
  points(): Points;
}

export interface FoldSource {
  readonly slotMs: number;
  /** False for roll-ups, whose percentiles are values already. */
  readonly samples: boolean;
}

/** Buckets from `from` to `to` (Unix ms, both inside). */
export function createBuckets(
  from: number,
  to: number,
  step: number,
  wanted: readonly { readonly stat: Stat; readonly fold: Fold }[],
): Buckets {
  const first = Math.floor(from / step);
  const length = Math.max(0, Math.floor(to / step) - first + 1);
  const counts = new Float64Array(length);
  const held = wanted.map(() => new Float64Array(length));
  const columns = wanted.map(({ stat, fold }) => createColumn(length, stat, fold));
  return {
    length,
    counts,
    columns,
    fold: (index, rows, values, { slotMs, samples }) => {
      const column = columns[index] as BucketColumn;
      const weights = held[index] as Float64Array;
      const low = Math.floor(from / slotMs);
      const high = Math.floor(to / slotMs);
      for (let row = 0; row < rows.length; row++) {
        const slot = rows.slots[row] as number;
        if (slot < low || slot > high) continue;
        const bucket = Math.max(0, Math.floor((slot * slotMs) / step) - first);
        const weight = rows.counts[row] as number;
        if (index === 0) counts[bucket] = (counts[bucket] as number) + weight;
        const value = values[row] as number;
        if (Number.isNaN(value)) continue;
        column.add(bucket, slot * slotMs, value, weight, weights[bucket] as number, samples);
        weights[bucket] = (weights[bucket] as number) + weight;
      }
    },
    points: () => pointsOf(first, step, counts, columns),
  };
}

function pointsOf(first: number, step: number, counts: Float64Array, columns: readonly BucketColumn[]): Points {
  let used = 0;
  for (const count of counts) if (count > 0) used++;
  const points = {
    starts: new Float64Array(used),
    counts: new Float64Array(used),
    columns: columns.map(() => new Float64Array(used)),
  };
  let at = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket] as number;
    if (count === 0) continue;
    points.starts[at] = (first + bucket) * step;
    points.counts[at] = count;
    for (const [index, column] of columns.entries()) (points.columns[index] as Float64Array)[at] = column.value(bucket);
    at++;
  }
  return points;
}

function createColumn(length: number, stat: Stat, fold: Fold): BucketColumn {
  const rank = rankOf(stat);
  if (rank !== undefined) return createPercentiles(length, rank);
  const values = new Float64Array(length).fill(Number.NaN);
  if (fold === "last") return createLast(values);
  return {
    add: (bucket, _slot, value, weight, held) => {
      values[bucket] = foldValue(fold, values[bucket] as number, held, value, weight);
    },
    value: (bucket) => values[bucket] as number,
  };
}

/** The value of the latest slot wins; of the same slot the one that is read first, since sources are read from new to old. */
function createLast(values: Float64Array): BucketColumn {
  const latest = new Float64Array(values.length).fill(-1);
  return {
    add: (bucket, slot, value) => {
      if (slot <= (latest[bucket] as number)) return;
      latest[bucket] = slot;
      values[bucket] = value;
    },
    value: (bucket) => values[bucket] as number,
  };
}

/** Exact over points; where only roll-ups are left, the mean of theirs. */
function createPercentiles(length: number, rank: number): BucketColumn {
  const samples = new Map<number, number[]>();
  const rolled = new Float64Array(length).fill(Number.NaN);
  return {
    add: (bucket, _slot, value, weight, held, isSample) => {
      if (!isSample) rolled[bucket] = foldValue("mean", rolled[bucket] as number, held, value, weight);
      else if (value > 0) collect(samples, bucket, value);
    },
    value: (bucket) => {
      const found = samples.get(bucket);
      if (found === undefined) return rolled[bucket] as number;
      return percentile(Float64Array.from(found).sort(), rank);
    },
  };
}

function collect(samples: Map<number, number[]>, bucket: number, value: number): void {
  const found = samples.get(bucket);
  if (found === undefined) samples.set(bucket, [value]);
  else found.push(value);
}
