import type { Clock } from "@windfire/kit";
import { DatabaseError } from "./database-error.ts";

/** Lets one writer at a time through, in the order they came. */
export interface WriteGate {
  /** Resolves when it is the caller's turn. Fails with `busy` when too many wait already or the turn does not come in time. */
  enter(): Promise<void>;
  leave(): void;
  readonly waiting: number;
  /** Callers that were turned away. */
  readonly refused: number;
}

interface Waiter {
  readonly admit: () => void;
}

/** `maxWaiting` writers wait for at most `maxWaitMs`: a transaction that never ends must not take the whole program with it. */
export function createWriteGate(deps: { clock: Clock; maxWaiting: number; maxWaitMs: number }): WriteGate {
  const waiters = new Set<Waiter>();
  let occupied = false;
  let refused = 0;

  const wait = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const waiter: Waiter = {
        admit: () => {
          timer.cancel();
          resolve();
        },
      };
      const timer = deps.clock.setTimeout(() => {
        waiters.delete(waiter);
        refused++;
        reject(new DatabaseError("busy", "the database is busy: a transaction does not end"));
      }, deps.maxWaitMs);
      waiters.add(waiter);
    });

  return {
    enter: async () => {
      if (!occupied) {
        occupied = true;
        return;
      }
      if (waiters.size >= deps.maxWaiting) {
        refused++;
        throw new DatabaseError("busy", "the database is busy: too many writers wait");
      }
      await wait();
    },
    leave: () => {
      const [next] = waiters;
      if (next === undefined) {
        occupied = false;
        return;
      }
      waiters.delete(next);
      next.admit();
    },
    get waiting() {
      return waiters.size;
    },
    get refused() {
      return refused;
    },
  };
}
