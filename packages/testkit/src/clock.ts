import type { Clock, Timer } from "@windfire/kit";

/** A clock that stands still until the test moves it. */
export interface FakeClock extends Clock {
  /** Moves both times forward and runs the timers that fall due, each at its own moment, in order. */
  advance(ms: number): void;
  /** Like `advance`, but lets promises settle after each timer. */
  advanceAsync(ms: number): Promise<void>;
  /** Moves the wall clock alone, as an administrator or a time service would. */
  jump(ms: number): void;
  /** Timers that wait. */
  readonly pending: number;
}

interface Entry {
  due: number;
  readonly order: number;
  readonly every: number | undefined;
  readonly run: () => void;
}

/** Milliseconds that the process has run when a test begins: as in a real one, no whole number. */
const PROCESS_AGE = 712.638904571533;

/** 2026-01-01T00:00:00Z unless told otherwise. */
export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  const entries = new Set<Entry>();
  let wall = start;
  let elapsed = 0;
  let serial = 0;

  const add = (run: () => void, ms: number, every: number | undefined): Timer => {
    const entry: Entry = { due: elapsed + Math.max(ms, 0), order: serial++, every, run };
    entries.add(entry);
    const timer: Timer = { cancel: () => void entries.delete(entry), unref: () => timer };
    return timer;
  };
  const moveTo = (moment: number): void => {
    wall += moment - elapsed;
    elapsed = moment;
  };
  const runNext = (end: number): boolean => {
    const entry = earliest(entries);
    if (entry === undefined || entry.due > end) return false;
    moveTo(Math.max(entry.due, elapsed));
    if (entry.every === undefined) entries.delete(entry);
    else entry.due += Math.max(entry.every, 1);
    entry.run();
    return true;
  };

  return {
    now: () => wall,
    monotonic: () => PROCESS_AGE + elapsed,
    setTimeout: (run, ms) => add(run, ms, undefined),
    setInterval: (run, ms) => add(run, ms, ms),
    advance: (ms) => {
      const end = elapsed + ms;
      while (runNext(end));
      moveTo(end);
    },
    advanceAsync: async (ms) => {
      const end = elapsed + ms;
      await settled();
      while (runNext(end)) await settled();
      moveTo(end);
      await settled();
    },
    jump: (ms) => {
      wall += ms;
    },
    get pending() {
      return entries.size;
    },
  };
}

function earliest(entries: Iterable<Entry>): Entry | undefined {
  let first: Entry | undefined;
  for (const entry of entries) {
    if (first === undefined || entry.due < first.due || (entry.due === first.due && entry.order < first.order)) first = entry;
  }
  return first;
}

/** Lets everything that is ready to run, run: promises, and callbacks of the runtime's own queues. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
