import type { Clock } from "@windfire/kit";

/** A caller waits no longer than this for its own change to reach memory: it is committed all the same. */
const LONGEST_WAIT_MS = 10_000;

/** Callers who wait until memory has reached a place in the log. */
export interface Waiters {
  wait(sequence: number): Promise<void>;
  /** Lets those go whose place is reached. */
  reached(sequence: number): void;
  /** How many were let go before their place was reached. */
  readonly late: number;
}

/** See {@link Waiters}. */
export function createWaiters({ clock }: { readonly clock: Clock }): Waiters {
  const waiters = new Set<{ readonly sequence: number; readonly release: () => void }>();
  let late = 0;
  return {
    wait: (sequence) =>
      new Promise((resolve) => {
        const timer = clock.setTimeout(() => {
          late++;
          waiter.release();
        }, LONGEST_WAIT_MS);
        const waiter = {
          sequence,
          release: () => {
            waiters.delete(waiter);
            timer.cancel();
            resolve();
          },
        };
        waiters.add(waiter);
      }),
    reached(sequence) {
      for (const waiter of waiters) if (waiter.sequence <= sequence) waiter.release();
    },
    get late() {
      return late;
    },
  };
}
