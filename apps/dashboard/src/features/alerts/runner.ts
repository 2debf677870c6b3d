import type { Clock, Timer } from "@windfire/kit";
import type { Job, Scheduler } from "#platform/scheduler";

/** Agents get this long to come back after a start before rules are looked at (spec 30 section 2.4). */
const FIRST_LOOK_MS = 10_000;
const LOOK_EVERY_MS = 3_000;

export interface AlertRunnerDeps {
  readonly clock: Clock;
  readonly scheduler: Pick<Scheduler, "every">;
  readonly look: () => Promise<void>;
}

/** Looks at all rules by the clock. */
export function createAlertRunner({ clock, scheduler, look }: AlertRunnerDeps) {
  let first: Timer | undefined;
  let job: Job | undefined;
  let looking = Promise.resolve();
  const run = (): Promise<void> => (looking = look());
  return {
    start(): void {
      first = clock
        .setTimeout(() => {
          job = scheduler.every(LOOK_EVERY_MS, "alert rules", run);
        }, FIRST_LOOK_MS - LOOK_EVERY_MS)
        .unref();
    },
    /** Waits for the look that is under way. */
    async stop(): Promise<void> {
      first?.cancel();
      job?.cancel();
      await looking.catch(() => undefined);
    },
  };
}
