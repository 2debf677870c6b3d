/** A pending timer. */
export interface Timer {
  /** Stops the timer; calling it again, or after the timer fired, does nothing. */
  cancel(): void;
  /** Lets the process end although the timer is pending. Returns the timer. */
  unref(): Timer;
}

/** Time as the rest of the program sees it: injected everywhere, so that tests decide what time it is. */
export interface Clock {
  /** Wall clock, Unix milliseconds. May jump in both directions. */
  now(): number;
  /** Milliseconds since an arbitrary moment; never goes back. For durations and deadlines. */
  monotonic(): number;
  /** Runs `run` once after `ms` milliseconds. */
  setTimeout(run: () => void, ms: number): Timer;
  /** Runs `run` every `ms` milliseconds. */
  setInterval(run: () => void, ms: number): Timer;
}

/** The longest delay timers of the runtime accept; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, ms) => {
    const handle = setTimeout(run, bounded(ms));
    return timer(handle, () => clearTimeout(handle));
  },
  setInterval: (run, ms) => {
    const handle = setInterval(run, bounded(ms));
    return timer(handle, () => clearInterval(handle));
  },
};

function bounded(ms: number): number {
  return Math.min(Math.max(ms, 0), LONGEST_DELAY_MS);
}

function timer(handle: NodeJS.Timeout, cancel: () => void): Timer {
  const result: Timer = {
    cancel,
    unref: () => {
      handle.unref();
      return result;
    },
  };
  return result;
}
