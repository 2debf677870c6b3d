import type { Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { parseSchedule } from "#platform/scheduler";
import type { Scheduler } from "#platform/scheduler";
import { createCronCascades } from "./cascades.ts";
import type { CronCascades } from "./cascades.ts";
import { createCronChecks } from "./checks.ts";
import type { CronCheckDeps } from "./checks.ts";
import { createCronCommands } from "./commands.ts";
import type { CronCommandDeps } from "./commands.ts";
import { createCronJobs } from "./jobs.ts";
import { followCrons } from "./follow.ts";
import { isScheduled } from "./model.ts";
import type { Cron } from "./model.ts";
import { createResultPermits } from "./permits.ts";
import { createCronResults } from "./results.ts";
import type { CronResults } from "./results.ts";
import { cronRoutes } from "./routes.ts";
import { createCronRuns } from "./runs.ts";
import type { CronRunDeps, CronRuns } from "./runs.ts";
import { cronKind } from "./store.ts";
import type { Crons } from "./store.ts";

export type { CronCascades } from "./cascades.ts";
export type { Cron } from "./model.ts";
export type { CronResults } from "./results.ts";
export type { CronRun, CronRuns } from "./runs.ts";
export type { Crons } from "./store.ts";

/** What the room needs of others. */
export interface CronDeps {
  readonly database: Database;
  readonly audit: CronCommandDeps["audit"];
  readonly now: () => number;
  readonly reach: CronCheckDeps["reach"];
  readonly notificationGroupOwner: CronCheckDeps["notificationGroupOwner"];
  readonly requireRoom: CronCommandDeps["requireRoom"];
  readonly cascades: CronCommandDeps["cascades"];
  readonly servers: CronRunDeps["servers"];
  readonly ownsEverything: CronRunDeps["ownsEverything"];
  readonly agents: CronRunDeps["agents"];
  readonly notify: CronRunDeps["notify"];
  readonly translate: CronRunDeps["translate"];
  readonly scheduler: Pick<Scheduler, "at">;
  /** Zone of schedules that name none (configuration key `location`). */
  readonly location: string;
}

export interface CronRoom {
  readonly routes: readonly AnyRoute[];
  readonly cascades: CronCascades;
  readonly crons: Pick<Crons, "get" | "list">;
  readonly runs: CronRuns;
  readonly results: CronResults;
  /** Schedules every cron; where a schedule cannot be read, the cron's group is told (spec 30 section 4.6). */
  start(): void;
  stop(): void;
}

/** Loads all crons and puts the room together. */
export async function createCron(deps: CronDeps): Promise<CronRoom> {
  const checkSchedule = (text: string): string | undefined => {
    const parsed = parseSchedule(text, deps.location);
    return "error" in parsed ? parsed.error : undefined;
  };
  const crons = await deps.database.keep(cronKind);
  const permits = createResultPermits(deps);
  const checks = createCronChecks({ ...deps, crons, checkSchedule });
  const runs = createCronRuns({ ...deps, crons, permits });
  const jobs = createCronJobs({ scheduler: deps.scheduler, start: async (cronId) => void (await runs.run(cronId)) });
  const commands = createCronCommands({ ...deps, crons, checks });
  followCrons({ crons, permits, jobs, checkSchedule });
  return {
    crons,
    runs,
    results: createCronResults({ ...deps, crons, permits }),
    routes: cronRoutes({ checks, commands, runs, jobNumber: jobs.numberOf }),
    cascades: createCronCascades({ permits, commands }),
    start() {
      const scheduled = Map.groupBy(crons.list().filter(isScheduled), (cron) => checkSchedule(cron.scheduler) === undefined);
      for (const cron of scheduled.get(true) ?? []) jobs.set(cron.id, cron.scheduler);
      tellBroken(deps, scheduled.get(false) ?? []);
    },
    stop: () => jobs.remove(crons.list().map((cron) => cron.id)),
  };
}

function tellBroken({ notify, translate }: Pick<CronRunDeps, "notify" | "translate">, crons: readonly Cron[]): void {
  for (const [groupId, broken] of Map.groupBy(crons, (cron) => cron.notificationGroupId)) {
    const ids = broken.map((cron) => cron.id).join(",");
    const end = "] These tasks will not execute properly. Fix them in the admin dashboard.";
    if (groupId !== 0) notify(groupId, { text: `${translate("Tasks failed to register: [")}${ids}${translate(end)}` });
  }
}
