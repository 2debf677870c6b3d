/** Readings kept for the live charts. The order is the order of the columns in a ring. */
export const RING_FIELDS = [
  "cpu",
  "memory",
  "swap",
  "disk",
  "netIn",
  "netOut",
  "tcp",
  "udp",
  "processes",
  "load1",
  "load5",
  "load15",
  "temperature",
  "gpu",
] as const;
export type RingField = (typeof RING_FIELDS)[number];
export type Reading = Readonly<Record<RingField, number>>;

const FIRST_SIZE = 32;

/** The last readings of a server. At most `limit`; the oldest makes room. */
export interface Ring {
  push(at: number, reading: Reading): void;
  readonly length: number;
  /** Times in milliseconds, oldest first. */
  times(): number[];
  /** Values in the order of `times`. */
  values(field: RingField): number[];
  /** Mean of the newest `count` values; `undefined` while there is none. */
  mean(field: RingField, count: number): number | undefined;
}

/** Grows up to its limit, so that a thousand fresh rings cost little. */
export function createRing(limit: number): Ring {
  const width = RING_FIELDS.length;
  let capacity = Math.min(FIRST_SIZE, limit);
  let times = new Float64Array(capacity);
  let values = new Float32Array(capacity * width);
  let start = 0;
  let length = 0;
  const slot = (index: number) => (start + index) % capacity;
  const grow = () => {
    const size = Math.min(limit, capacity * 2);
    const nextTimes = new Float64Array(size);
    const nextValues = new Float32Array(size * width);
    for (let i = 0; i < length; i += 1) {
      const from = slot(i);
      nextTimes[i] = times[from] ?? 0;
      nextValues.set(values.subarray(from * width, (from + 1) * width), i * width);
    }
    times = nextTimes;
    values = nextValues;
    capacity = size;
    start = 0;
  };
  const read = (index: number, column: number) => values[slot(index) * width + column] ?? 0;
  return {
    push(at, reading) {
      if (length === capacity && capacity < limit) grow();
      const full = length === capacity;
      const target = full ? start : slot(length);
      times[target] = at;
      let cell = target * width;
      for (const field of RING_FIELDS) values[cell++] = reading[field];
      if (full) start = (start + 1) % capacity;
      else length += 1;
    },
    get length() {
      return length;
    },
    times: () => Array.from({ length }, (_, i) => times[slot(i)] ?? 0),
    values(field) {
      const column = RING_FIELDS.indexOf(field);
      return Array.from({ length }, (_, i) => read(i, column));
    },
    mean(field, count) {
      const column = RING_FIELDS.indexOf(field);
      const used = Math.min(count, length);
      if (used === 0) return undefined;
      let sum = 0;
      for (let i = length - used; i < length; i += 1) sum += read(i, column);
      return sum / used;
    },
  };
}
