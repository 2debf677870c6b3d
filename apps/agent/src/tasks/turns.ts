import type { Clock } from "@windfire/kit";

/** Lets those who measure time do so one after the other. */
export type InTurn = <T>(measure: () => Promise<T>) => Promise<T>;

/** After this long a measurement waits for the network, not for the processor, and is no longer in anybody's way. */
const PATIENCE_MS = 25;

/**
 * Probes that are due at once would wait for each other's work and take that for the network's delay. So each one starts
 * when the one before it has ended, or is slow; what it measures begins with its turn.
 */
export function createTurns(clock: Clock): InTurn {
  const waiting: (() => void)[] = [];
  let isTaken = false;

  const pass = (): void => {
    const next = waiting.shift();
    if (next === undefined) isTaken = false;
    // Not at once: what the one before left to do is done first.
    else setImmediate(next);
  };
  const turn = (): Promise<void> => {
    if (isTaken) return new Promise((resolve) => waiting.push(resolve));
    isTaken = true;
    return Promise.resolve();
  };

  return async (measure) => {
    await turn();
    let hasPassed = false;
    const passOnce = (): void => {
      if (hasPassed) return;
      hasPassed = true;
      timer.cancel();
      pass();
    };
    const timer = clock.setTimeout(passOnce, PATIENCE_MS);
    try {
      return await measure();
    } finally {
      passOnce();
    }
  };
}
