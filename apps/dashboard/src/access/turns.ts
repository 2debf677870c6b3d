/** Lets only so many pieces of slow work run at a time; the rest wait in order. */
export interface Turns {
  /** `undefined`, and counted, when too many wait already. */
  take<T>(work: () => Promise<T>): Promise<T> | undefined;
  readonly refused: number;
}

export function createTurns(limits: { running: number; waiting: number }): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  let refused = 0;
  const turn = async (): Promise<void> => {
    if (running < limits.running) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  /** The turn goes to the next in line without a moment in which somebody else could take it. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else running--;
  };
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    await turn();
    try {
      return await work();
    } finally {
      leave();
    }
  };
  return {
    take(work) {
      if (running >= limits.running && waiting.length >= limits.waiting) {
        refused++;
        return undefined;
      }
      return run(work);
    },
    get refused() {
      return refused;
    },
  };
}
