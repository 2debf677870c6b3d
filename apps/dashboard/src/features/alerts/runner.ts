import type { Clock, Timer } from "@windfire/kit";
import type { Job, Scheduler } from "#platform/scheduler";

/** Agents get this long to come back after a start before rules are looked at by the clock (spec 30 section 2.4). */
const FIRST_LOOK_MS = 10_000;
const LOOK_EVERY_MS = 3_000;

export interface AlertRunnerDeps {
  readonly clock: Clock;
  readonly scheduler: Pick<Scheduler, "every">;
  /** By name: they do not wait for each other. */
  readonly looks: Readonly<Record<string, () => Promise<void>>>;
}

/** Looks at all rules by the clock. */
export function createAlertRunner({ clock, scheduler, looks }: AlertRunnerDeps) {
  const jobs: Job[] = [];
  const looking = new Map<string, Promise<void>>();
  let first: Timer | undefined;
  const begin = (): void => {
    for (const [name, look] of Object.entries(looks)) {
      const run = (): Promise<void> => {
        const done = look();
        looking.set(name, done);
        return done;
      };
      jobs.push(scheduler.every(LOOK_EVERY_MS, name, "each", run));
    }
  };
  return {
    start(): void {
      first = clock.setTimeout(begin, FIRST_LOOK_MS - LOOK_EVERY_MS).unref();
    },
    /** Waits for the looks that are under way. */
    async stop(): Promise<void> {
      first?.cancel();
      for (const job of jobs.splice(0)) job.cancel();
      await Promise.allSettled(looking.values());
    },
  };
}
