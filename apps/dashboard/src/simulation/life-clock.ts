import type { Clock, Timer } from "@windfire/kit";

/** The clock of one process: with its end its timers are gone. */
export interface LifeClock extends Clock {
  end(): void;
}

/** See {@link LifeClock}. */
export function createLifeClock(clock: Clock): LifeClock {
  const timers = new Set<Timer>();
  const add = (begin: (run: () => void) => Timer, run: () => void, isOnce: boolean): Timer => {
    const inner = begin(() => {
      if (isOnce) timers.delete(timer);
      run();
    });
    const timer: Timer = {
      cancel() {
        timers.delete(timer);
        inner.cancel();
      },
      unref: () => timer,
    };
    timers.add(timer);
    return timer;
  };
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    // Real timers know whole milliseconds.
    setTimeout: (run, ms) => add((go) => clock.setTimeout(go, Math.ceil(ms)), run, true),
    setInterval: (run, ms) => add((go) => clock.setInterval(go, Math.ceil(ms)), run, false),
    end() {
      for (const timer of timers) timer.cancel();
    },
  };
}
