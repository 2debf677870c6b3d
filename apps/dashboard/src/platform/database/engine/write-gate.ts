import type { Clock, Timer } from "@windfire/kit";
import { DatabaseError } from "./database-error.ts";

/** Lets one writer at a time through, in the order they came. */
export interface WriteGate {
  /**
   * Resolves when it is the caller's turn. Fails with `busy` when too many wait already or the turn does not come in time; the time that
   * a caller who enters `atLength` stays does not count.
   */
  enter(stay?: "atLength"): Promise<void>;
  leave(): void;
  readonly waiting: number;
  /** Callers that were turned away. */
  readonly refused: number;
}

interface Waiter {
  readonly stay: "atLength" | undefined;
  readonly admit: () => void;
  /** Begins to count the time that it waits, and ceases to. */
  readonly count: () => void;
  readonly pause: () => void;
}

/** `maxWaiting` writers wait for at most `maxWaitMs`: a transaction that never ends must not take the whole program with it. */
export function createWriteGate(deps: { clock: Clock; maxWaiting: number; maxWaitMs: number }): WriteGate {
  const waiters = new Set<Waiter>();
  let occupied = false;
  let atLength = false;
  let refused = 0;

  /** Somebody has it for themselves from now on. */
  const admit = (stay: "atLength" | undefined): void => {
    occupied = true;
    atLength = stay !== undefined;
  };
  const wait = (stay: "atLength" | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const refuse = (): void => {
        waiters.delete(waiter);
        refused++;
        reject(new DatabaseError("busy", "the database is busy: a transaction does not end"));
      };
      const waiter: Waiter = {
        stay,
        admit: () => {
          timer?.cancel();
          resolve();
        },
        count: () => (timer = deps.clock.setTimeout(refuse, deps.maxWaitMs)),
        pause: () => timer?.cancel(),
      };
      waiters.add(waiter);
      if (!atLength) waiter.count();
    });

  return {
    enter: async (stay) => {
      if (!occupied) {
        admit(stay);
        return;
      }
      if (waiters.size >= deps.maxWaiting) {
        refused++;
        throw new DatabaseError("busy", "the database is busy: too many writers wait");
      }
      await wait(stay);
    },
    leave: () => {
      const wasAtLength = atLength;
      const [next] = waiters;
      if (next === undefined) {
        occupied = false;
        atLength = false;
        return;
      }
      waiters.delete(next);
      admit(next.stay);
      next.admit();
      if (atLength === wasAtLength) return;
      for (const waiter of waiters) {
        if (atLength) waiter.pause();
        else waiter.count();
      }
    },
    get waiting() {
      return waiters.size;
    },
    get refused() {
      return refused;
    },
  };
}
