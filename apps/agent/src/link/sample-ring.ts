/** A sample that waits to be told. */
export interface KeptSample {
  /** By the clock that nobody sets, milliseconds. */
  readonly at: number;
  /** A state, encoded. */
  readonly state: Uint8Array;
}

/** The newest samples of an hour. */
export interface SampleRing {
  /** Anywhere among the others, by its time. The oldest go when they are too old, or too many. */
  add(sample: KeptSample): void;
  /** Oldest first. */
  samples(): readonly KeptSample[];
  remove(samples: readonly KeptSample[]): void;
  clear(): void;
  readonly size: number;
  readonly bytes: number;
}

const LONGEST_MS = 3_600_000;
const MOST_BYTES = 512 * 1024;
/** What a sample takes beside its bytes. */
const COST_BYTES = 128;

export function createSampleRing(): SampleRing {
  let kept: KeptSample[] = [];
  let bytes = 0;
  const sizeOf = ({ state }: KeptSample): number => state.length + COST_BYTES;
  return {
    add(sample) {
      const place = kept.findLastIndex(({ at }) => at <= sample.at) + 1;
      kept.splice(place, 0, sample);
      bytes += sizeOf(sample);
      const newest = kept.at(-1) ?? sample;
      let over = 0;
      for (let oldest = kept[over]; oldest !== undefined; oldest = kept[++over]) {
        if (bytes <= MOST_BYTES && newest.at - oldest.at <= LONGEST_MS) break;
        bytes -= sizeOf(oldest);
      }
      if (over > 0) kept.splice(0, over);
    },
    samples: () => kept,
    remove(samples) {
      const gone = new Set(samples);
      kept = kept.filter((sample) => !gone.has(sample));
      bytes = kept.reduce((sum, sample) => sum + sizeOf(sample), 0);
    },
    clear() {
      kept = [];
      bytes = 0;
    },
    get size() {
      return kept.length;
    },
    get bytes() {
      return bytes;
    },
  };
}
