import { foldValue, weightAt } from "../codec/rows.ts";
import { percentile, rankOf, type Fold, type Stat } from "../schema.ts";

/** Slots and sample counts of rows, ascending. */
export interface RowTimes {
  readonly length: number;
  readonly slots: Int32Array;
  readonly counts: Uint32Array;
}

/** Rows that fall into the window, and the bucket of each. */
export interface Placed {
  rows: RowTimes;
  from: number;
  to: number;
  slotMs: number;
  buckets: Int32Array;
}

/** One column of an answer while it is put together. */
export interface BucketColumn {
  add(placed: Placed, values: Float64Array, samples: boolean, weights?: Float64Array): void;
  copy(): BucketColumn;
  readonly bytes: number;
  values(): Float64Array;
}

const BYTES_PER_NUMBER = 8;

export function createColumn(length: number, stat: Stat, fold: Fold): BucketColumn {
  const rank = rankOf(stat);
  if (rank !== undefined) return createPercentiles(length, rank);
  return fold === "last" ? createLast(length) : createFolded(length, fold);
}

function createFolded(
  length: number,
  fold: Fold,
  folded = new Float64Array(length).fill(Number.NaN),
  held = new Float64Array(length),
): BucketColumn {
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
    copy: () => createFolded(length, fold, folded.slice(), held.slice()),
    bytes: 2 * length * BYTES_PER_NUMBER,
    values: () => folded,
  };
}

/** The value of the latest slot wins; of the same slot the one that comes last. */
function createLast(
  length: number,
  last = new Float64Array(length).fill(Number.NaN),
  latest = new Float64Array(length).fill(-1),
): BucketColumn {
  return {
    add: (placed, values) => {
      const { rows, from, to, slotMs, buckets } = placed;
      for (let row = from; row < to; row++) {
        const value = values[row] as number;
        const time = (rows.slots[row] as number) * slotMs;
        const bucket = buckets[row] as number;
        if (Number.isNaN(value) || time < (latest[bucket] as number)) continue;
        latest[bucket] = time;
        last[bucket] = value;
      }
    },
    copy: () => createLast(length, last.slice(), latest.slice()),
    bytes: 2 * length * BYTES_PER_NUMBER,
    values: () => last,
  };
}

/** Exact over points; where only roll-ups are left, the mean of theirs. */
function createPercentiles(
  length: number,
  rank: number,
  points = new Map<number, number[]>(),
  rolled = createFolded(length, "mean"),
): BucketColumn {
  return {
    add: (placed, values, samples) => {
      if (!samples) return rolled.add(placed, values, samples);
      const { from, to, buckets } = placed;
      for (let row = from; row < to; row++) {
        const value = values[row] as number;
        if (value > 0) collect(points, buckets[row] as number, value);
      }
    },
    copy: () => createPercentiles(length, rank, new Map([...points].map(([bucket, values]) => [bucket, [...values]])), rolled.copy()),
    get bytes() {
      return points.values().reduce((sum, values) => sum + values.length * BYTES_PER_NUMBER, rolled.bytes);
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
