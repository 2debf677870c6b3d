/** Writes nobody waits for: times of last use. */
export interface LateWrites {
  /** Begins the write unless too many are under way; it is then dropped and counted. */
  begin(write: () => Promise<unknown>): void;
  /** Resolves when all writes under way have ended. */
  settled(): Promise<void>;
  readonly dropped: number;
}

const MAX_UNDER_WAY = 1_000;

export function createLateWrites(deps: { onError: (error: unknown) => void }): LateWrites {
  const underWay = new Set<Promise<unknown>>();
  let dropped = 0;
  return {
    begin(write) {
      if (underWay.size >= MAX_UNDER_WAY) {
        dropped++;
        return;
      }
      const ended = write()
        .catch(deps.onError)
        .finally(() => underWay.delete(ended));
      underWay.add(ended);
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    get dropped() {
      return dropped;
    },
  };
}
