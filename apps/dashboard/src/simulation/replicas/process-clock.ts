import type { Clock, Timer } from "@windfire/kit";

/** The clock of a process that can be stopped for a while, as by SIGSTOP or with its whole machine, and that ends. */
export interface ProcessClock extends Clock {
  pause(): void;
  /** What fell due meanwhile runs, in its order. `hasSlept`: the machine slept, and its monotonic clock stood still. */
  goOn(how: { readonly hasSlept: boolean }): void;
  end(): void;
}

interface Entry {
  /** By the monotonic clock of the process. */
  due: number;
  readonly every: number | undefined;
  readonly run: () => void;
  waits: Timer | undefined;
}

/** See {@link ProcessClock}. */
export function createProcessClock(world: Clock): ProcessClock {
  const entries = new Set<Entry>();
  let slept = 0;
  let pausedAt: number | undefined;
  let isOver = false;
  const monotonic = (): number => world.monotonic() - slept;
  const arm = (entry: Entry): void => {
    entry.waits = world.setTimeout(() => fire(entry), Math.max(0, entry.due - monotonic()));
  };
  const fire = (entry: Entry): void => {
    entry.waits = undefined;
    if (pausedAt !== undefined) return;
    if (entry.every === undefined) entries.delete(entry);
    else {
      // One that is late is not made up for.
      entry.due = Math.max(entry.due + entry.every, monotonic());
      arm(entry);
    }
    entry.run();
  };
  const add = (run: () => void, ms: number, isRepeated: boolean): Timer => {
    // Real timers know whole milliseconds.
    const after = Math.max(1, Math.ceil(ms));
    const entry: Entry = { due: monotonic() + after, every: isRepeated ? after : undefined, run, waits: undefined };
    if (!isOver) {
      entries.add(entry);
      arm(entry);
    }
    const timer: Timer = {
      cancel() {
        entries.delete(entry);
        entry.waits?.cancel();
      },
      unref: () => timer,
    };
    return timer;
  };
  return {
    now: () => world.now(),
    monotonic,
    setTimeout: (run, ms) => add(run, ms, false),
    setInterval: (run, ms) => add(run, ms, true),
    pause: () => void (pausedAt ??= world.monotonic()),
    goOn({ hasSlept }) {
      if (pausedAt === undefined) return;
      if (hasSlept) slept += world.monotonic() - pausedAt;
      pausedAt = undefined;
      for (const entry of [...entries].toSorted((a, b) => a.due - b.due)) {
        entry.waits?.cancel();
        arm(entry);
      }
    },
    end() {
      isOver = true;
      for (const entry of entries) entry.waits?.cancel();
      entries.clear();
    },
  };
}
