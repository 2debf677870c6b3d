/** Runs asynchronous work one at a time, in the order it was handed in. */
export interface SerialQueue {
  /** Settles as `work` does. A failure does not stop what comes after it. */
  run<T>(work: () => Promise<T> | T): Promise<T>;
  /** Resolves when nothing is running or waiting. */
  idle(): Promise<void>;
  /** Running and waiting pieces of work. */
  readonly pending: number;
}

/** A mutex whose waiters queue up. */
export function createSerialQueue(): SerialQueue {
  let tail: Promise<unknown> = Promise.resolve();
  let pending = 0;
  const idle = async (): Promise<void> => {
    while (pending > 0) await tail;
  };
  return {
    run: (work) => {
      pending++;
      const result = tail.then(work).finally(() => {
        pending--;
      });
      tail = result.catch(() => undefined);
      return result;
    },
    idle,
    get pending() {
      return pending;
    },
  };
}
