/** Places for files that are read at once. */
export interface Places {
  readonly areTaken: boolean;
  /** Pieces that take a place from now on, until they end or whoever takes them leaves, even before the first one. */
  take(pieces: AsyncGenerator<string>): AsyncIterable<string>;
}

/** See {@link Places}. */
export function createPlaces(most: number): Places {
  const taken = new Set<AsyncGenerator<string>>();
  return {
    get areTaken() {
      return taken.size >= most;
    },
    take(pieces) {
      taken.add(pieces);
      const iterator = {
        async next(): Promise<IteratorResult<string>> {
          try {
            const step = await pieces.next();
            if (step.done === true) taken.delete(pieces);
            return step;
          } catch (error) {
            taken.delete(pieces);
            throw error;
          }
        },
        return(): Promise<IteratorResult<string>> {
          taken.delete(pieces);
          return pieces.return(undefined);
        },
      };
      return { [Symbol.asyncIterator]: () => iterator };
    },
  };
}
