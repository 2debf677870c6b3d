import type { Clock } from "@windfire/kit";
import type { LiveServer } from "#features/servers";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createLoneLease } from "#platform/leases";
import type { Seat } from "#platform/leases";
import type { Scheduler } from "#platform/scheduler";
import { createAvailabilityAnswers } from "./answers.ts";
import type { AnswerDeps, AvailabilityAnswers, Calendar } from "./answers.ts";
import { createMonitor } from "./monitor.ts";
import { createPruning } from "./pruning.ts";
import { availabilityRoutes } from "./routes.ts";
import { presenceStore } from "./store.ts";

const LOOK_EVERY_MS = 3_000;

/** What the room needs of others. */
export interface AvailabilityDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly scheduler: Pick<Scheduler, "every">;
  /** Who notes when servers come and go. Without it this process does. */
  readonly judge?: Seat;
  /** Whether this process hears of the servers whose agents are at others. Without it there are no others. */
  readonly hearsAll?: () => boolean;
  readonly servers: { get(id: number): LiveServer | undefined; list(): readonly LiveServer[] };
  readonly calendar: Calendar;
  readonly planned: AnswerDeps["planned"];
}

export interface Availability extends AvailabilityAnswers {
  readonly routes: readonly AnyRoute[];
  readonly cascades: { readonly servers: Cascade };
  /** Deletes what nobody asks for any more. */
  prune(): Promise<void>;
  /** Begins to look, as the judge. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** When servers were there, and when they were away. */
export async function createAvailability({
  clock,
  database,
  scheduler,
  judge = createLoneLease(database),
  hearsAll,
  servers,
  calendar,
  planned,
}: AvailabilityDeps): Promise<Availability> {
  const monitor = createMonitor({ clock, database: judge.database, servers, hearsAll }, await presenceStore.newest(database.kysely));
  const answers = createAvailabilityAnswers({ database, calendar, monitor, now: clock.now, judge, planned });
  let job: { cancel(): void } | undefined;
  return {
    ...answers,
    routes: availabilityRoutes({ answers, servers, now: clock.now }),
    cascades: {
      async servers(tx, ids, changes) {
        await presenceStore.delete(tx, ids);
        changes.afterwards(() => monitor.forget(ids));
      },
    },
    prune: createPruning({ database: judge.database, now: clock.now, serverIds: () => servers.list().map(({ id }) => id), monitor }),
    async start() {
      if (judge.isShared) monitor.resume(await presenceStore.newest(database.kysely));
      job = scheduler.every(LOOK_EVERY_MS, "availability", "judge", monitor.look);
    },
    async stop() {
      job?.cancel();
      await monitor.stop();
    },
  };
}
