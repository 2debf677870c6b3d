/** A sample that waits to be told. */
export interface KeptSample {
  /** By the clock that nobody sets, milliseconds. */
  readonly at: number;
  /** A state, encoded. */
  readonly state: Uint8Array;
}

/** The newest samples of an hour, packed: as many objects would take three times the memory. */
export interface SampleRing {
  /** Anywhere among the others, by its time. The oldest go when they are too old, or when there is no room. */
  add(sample: KeptSample): void;
  /** Oldest first; their bytes are good until the next change. */
  samples(): Generator<KeptSample>;
  /** Those up to this time go. */
  removeUpTo(at: number): void;
  clear(): void;
  readonly size: number;
  /** Memory that is held, whatever is in it. */
  readonly bytes: number;
}

const LONGEST_MS = 3_600_000;
const MOST_BYTES = 1024 * 1024;
const FIRST_BYTES = 32 * 1024;
/** In front of each state: its time (f64) and its length (u32). */
const HEAD_BYTES = 12;

export function createSampleRing(): SampleRing {
  let held = Buffer.alloc(0);
  let begin = 0;
  let end = 0;
  let size = 0;
  let newest = Number.NEGATIVE_INFINITY;

  const timeAt = (place: number): number => held.readDoubleLE(place);
  const next = (place: number): number => place + HEAD_BYTES + held.readUInt32LE(place + 8);
  const dropOldest = (): void => {
    begin = next(begin);
    size--;
  };
  const clear = (): void => {
    held = Buffer.alloc(0);
    begin = end = size = 0;
    newest = Number.NEGATIVE_INFINITY;
  };
  /** Room behind the last one: what is gone makes some, then more memory, then the oldest. */
  const makeRoom = (length: number): void => {
    while (size > 0 && end - begin + length > MOST_BYTES) dropOldest();
    if (end + length <= held.length) return;
    const isCrowded = end - begin + length > held.length;
    const into = isCrowded ? Buffer.alloc(Math.min(MOST_BYTES, Math.max(FIRST_BYTES, 2 * held.length, end - begin + length))) : held;
    held.copy(into, 0, begin, end);
    held = into;
    end -= begin;
    begin = 0;
  };
  const write = (place: number, { at, state }: KeptSample): void => {
    held.writeDoubleLE(at, place);
    held.writeUInt32LE(state.length, place + 8);
    held.set(state, place + HEAD_BYTES);
  };

  return {
    add(sample) {
      const length = HEAD_BYTES + sample.state.length;
      if (length > MOST_BYTES) return;
      makeRoom(length);
      let place = end;
      if (sample.at < newest) {
        place = begin;
        while (place < end && timeAt(place) <= sample.at) place = next(place);
        held.copyWithin(place + length, place, end);
      }
      write(place, sample);
      end += length;
      size++;
      newest = Math.max(newest, sample.at);
      while (size > 0 && newest - timeAt(begin) > LONGEST_MS) dropOldest();
    },
    *samples() {
      for (let place = begin; place < end; place = next(place)) {
        yield { at: timeAt(place), state: held.subarray(place + HEAD_BYTES, next(place)) };
      }
    },
    removeUpTo(at) {
      while (size > 0 && timeAt(begin) <= at) dropOldest();
      if (size === 0) clear();
    },
    clear,
    get size() {
      return size;
    },
    get bytes() {
      return held.length;
    },
  };
}
