/** Hands out a stream of bytes in the sizes that a reader asks for. */
export interface ByteReader {
  /** At most `size` bytes, fewer only where the stream ends. */
  take(size: number): Promise<Buffer>;
  /** Everything that is left. */
  rest(): AsyncGenerator<Buffer>;
}

/** Holds no more than was asked for and one piece of the source. */
export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await iterator.next();
    if (next.done === true) return false;
    held = held.length === 0 ? Buffer.from(next.value) : Buffer.concat([held, next.value]);
    return true;
  };
  return {
    async take(size) {
      while (held.length < size && (await more()));
      const taken = held.subarray(0, size);
      held = held.subarray(taken.length);
      return taken;
    },
    async *rest() {
      try {
        do {
          if (held.length > 0) yield held;
          held = Buffer.alloc(0);
        } while (await more());
      } finally {
        await iterator.return?.();
      }
    },
  };
}
