import type { LentBytes } from "#platform/http";

/** As many as are with the worker at once. */
const MOST_KEPT = 8;
/** A day of points at their longest takes less than half. */
const LARGEST_BYTES = 2 ** 19;

/**
 * The memory that long answers are written into: it goes to the worker with a question, comes back as the answer, and is used again once
 * the client has that. As garbage, a hundred kilobytes for each answer would have the collectors of both threads at work without end.
 */
export interface AnswerMemory {
  /** For the next answer; undefined where the worker has to bring its own. */
  take(): ArrayBuffer | undefined;
  /** Counts one who reads an answer. When all of them gave it back nobody can read it any more: its bytes are gone. */
  lend(bytes: Uint8Array<ArrayBuffer>): LentBytes;
  /** Lets go of everything if nothing was taken since the last call. */
  rest(): void;
}

export function createAnswerMemory(): AnswerMemory {
  const kept: ArrayBuffer[] = [];
  const readers = new WeakMap<ArrayBuffer, number>();
  let isWanted = false;

  const leave = (memory: ArrayBuffer): void => {
    const left = (readers.get(memory) ?? 0) - 1;
    readers.set(memory, left);
    if (left > 0 || memory.byteLength > LARGEST_BYTES || kept.length === MOST_KEPT) return;
    // What somebody still held of it by mistake is empty from here on, and never another one's answer.
    kept.push(memory.transfer());
  };
  return {
    take: () => {
      isWanted = true;
      return kept.pop();
    },
    lend: (bytes) => {
      const memory = bytes.buffer;
      readers.set(memory, (readers.get(memory) ?? 0) + 1);
      let isOut = true;
      return {
        bytes,
        giveBack: () => {
          if (isOut) leave(memory);
          isOut = false;
        },
      };
    },
    rest: () => {
      if (!isWanted) kept.length = 0;
      isWanted = false;
    },
  };
}
