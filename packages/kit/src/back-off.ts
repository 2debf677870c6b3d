/** Waiting times between attempts. */
export interface BackOff {
  /** Milliseconds to wait before the next attempt: random between 0 and the current ceiling, which doubles up to `maxMs`. */
  next(): number;
  /** Starts again at `baseMs`; to be called after a success. */
  reset(): void;
  /** Waits handed out since the last reset. */
  readonly attempts: number;
}

/** Exponential back-off with full jitter. `random` gives numbers in [0, 1). */
export function createBackOff(options: { baseMs: number; maxMs: number; random: () => number }): BackOff {
  let attempts = 0;
  return {
    next: () => {
      const ceiling = backOffCeiling(options, attempts);
      attempts++;
      return Math.floor(options.random() * (ceiling + 1));
    },
    reset: () => {
      attempts = 0;
    },
    get attempts() {
      return attempts;
    },
  };
}

/** The longest wait before attempt number `attempt` (0 = the first one after a failure). */
export function backOffCeiling(options: { baseMs: number; maxMs: number }, attempt: number): number {
  return Math.min(options.maxMs, options.baseMs * 2 ** Math.min(attempt, 40));
}
