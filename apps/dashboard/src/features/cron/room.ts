import { TASK } from "@windfire/protocol";
import { createAllowance } from "#kernel";
import { parseSchedule } from "#platform/scheduler";
import type { Job, Scheduler } from "#platform/scheduler";
import { createLateWrites } from "#platform/database";
import type { Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createLoneLease } from "#platform/leases";
import type { Seat } from "#platform/leases";
import { createCronCascades } from "./cascades.ts";
import type { CronCascades } from "./cascades.ts";
import { createCronChecks } from "./checks.ts";
import type { CronCheckDeps } from "./checks.ts";
import { createCronCommands } from "./commands.ts";
import type { CronCommandDeps } from "./commands.ts";
import { followCrons } from "./follow.ts";
import { createCronJobs } from "./jobs.ts";
import { createMissedWatch } from "./missed.ts";
import { byTeller, isScheduled } from "./model.ts";
import type { Cron } from "./model.ts";
import { createLostAnswers } from "./lost-answers.ts";
import type { LostAnswerDeps } from "./lost-answers.ts";
import { createPendingResults } from "./pending-results.ts";
import { createRecall } from "./recall.ts";
import { createResultPermits } from "./permits.ts";
import { createCronResults } from "./results.ts";
import type { CronResults } from "./results.ts";
import { cronRoutes } from "./routes.ts";
import { createRunCommands } from "./run-commands.ts";
import { createRunPruning } from "./run-pruning.ts";
import { createRunRecorder } from "./run-recorder.ts";
import type { RunRecorderDeps } from "./run-recorder.ts";
import { runRoutes } from "./run-routes.ts";
import { triggerRoutes } from "./trigger-routes.ts";
import type { TriggerRouteDeps } from "./trigger-routes.ts";
import { createCronRuns } from "./runs.ts";
import type { CronRunDeps, CronRuns } from "./runs.ts";
import { cronKind, cronStore } from "./store.ts";
import type { Crons } from "./store.ts";

/** What the database refused is tried again this often. */
const AGAIN_MS = 10_000;
/** Results that a server may send beyond the commands it was given. */
const SPARE_RESULTS = 240;

/** What the room needs of others. */
export interface CronDeps {
  readonly database: Database;
  readonly audit: CronCommandDeps["audit"];
  readonly now: () => number;
  readonly reach: CronCheckDeps["reach"];
  readonly notificationGroupOwner: CronCheckDeps["notificationGroupOwner"];
  readonly requireRoom: CronCommandDeps["requireRoom"];
  readonly cascades: CronCommandDeps["cascades"];
  readonly servers: RunRecorderDeps["servers"];
  readonly ownsEverything: CronRunDeps["ownsEverything"];
  readonly agents: CronRunDeps["agents"] & LostAnswerDeps["agents"];
  readonly deliveries: RunRecorderDeps["deliveries"];
  readonly outbox: TriggerRouteDeps["outbox"];
  readonly translate: RunRecorderDeps["translate"];
  readonly scheduler: Pick<Scheduler, "at" | "every">;
  /** Who begins what schedules and events say. Without it this process does. */
  readonly judge?: Seat;
  /** Zone of schedules that name none (configuration key `location`). */
  readonly location: string;
  readonly onError: (error: unknown) => void;
}

export interface CronRoom {
  readonly routes: readonly AnyRoute[];
  readonly cascades: CronCascades;
  readonly crons: Pick<Crons, "get" | "list">;
  readonly runs: CronRuns;
  readonly results: CronResults;
  /** The connection of a server's agent ended, or another one took its place. */
  onConnectionGone(serverId: number): void;
  /** Answers that are waited for. */
  waiting(): number;
  /** Gives up on answers that do not come any more, and deletes old runs. */
  prune(): Promise<void>;
  /** Schedules every cron. */
  start(): void;
  stop(): Promise<void>;
  /** What only the judge does. */
  readonly judged: {
    /** Where a schedule cannot be read, the cron's group is told (spec 30 section 4.6), and of runs that were missed while nobody was here. */
    start(): Promise<void>;
    stop(): Promise<void>;
  };
}

/** Loads all crons and puts the room together. */
export async function createCron(deps: CronDeps): Promise<CronRoom> {
  const { database, now } = deps;
  const judge = deps.judge ?? createLoneLease(database);
  const { checkSchedule, nextOf } = createSchedules(deps.location);
  await database.transaction((tx) => cronStore.sweep(tx));
  const crons = await database.keep(cronKind);
  const permits = createResultPermits(deps);
  const allowance = createAllowance(SPARE_RESULTS);
  const pending = createPendingResults(now());
  const recall = createRecall({ ...deps, queries: database.kysely, crons, pending, permits, allowance });
  await recall.all();
  const ofOthers = judge.isShared ? { recall: recall.of } : {};
  const checks = createCronChecks({ ...deps, crons, checkSchedule });
  const late = createLateWrites(deps);
  const recorder = createRunRecorder({ ...deps, judge, late, pending, checks });
  const runs = createCronRuns({ ...deps, judge, crons, permits, allowance, recorder });
  const jobs = createCronJobs({
    scheduler: deps.scheduler,
    start: async (cronId, due) => void (await runs.run(cronId, { cause: "schedule", due })),
  });
  const commands = createCronCommands({ ...deps, crons, checks });
  // Agents of ours tell their rights, and know how to end a command.
  const canStop = (serverId: number): boolean => (deps.servers.get(serverId)?.host?.rights.length ?? 0) > 0;
  const stopCommand = async (serverId: number, cronId: number): Promise<boolean> =>
    canStop(serverId) && (await deps.agents.dispatch(serverId, { id: cronId, type: TASK.stopCommand, data: "" })) === "sent";
  const runCommands = createRunCommands({ ...deps, stopCommand, crons, checks, pending });
  const lost = createLostAnswers({ ...deps, ...ofOthers, late, pending });
  const prune = createRunPruning({ database: judge.database, now, pending });
  let stopped = false;
  let again: Job | undefined;
  const isBroken = (cron: Cron): boolean => checkSchedule(cron.scheduler) !== undefined;
  const missed = createMissedWatch({ ...deps, database: judge.database, crons, nextOf });
  followCrons({ crons, permits, pending, allowance, jobs, checkSchedule });
  return {
    crons,
    runs,
    results: createCronResults({ ...deps, ...ofOthers, late, crons, permits, allowance, pending }),
    routes: [
      ...cronRoutes({ checks, commands, runs, jobNumber: jobs.numberOf }),
      ...runRoutes(runCommands, canStop),
      ...triggerRoutes({ ...deps, crons, checks }),
    ],
    cascades: createCronCascades({ permits, commands, now }),
    onConnectionGone(serverId) {
      // What ends with the program is found lost when the agent is back.
      if (!stopped) void lost.lose(serverId).catch(deps.onError);
    },
    waiting: () => pending.size,
    async prune() {
      await lost.sweep();
      await prune();
    },
    start() {
      stopped = false;
      for (const cron of crons.list()) if (isScheduled(cron) && !isBroken(cron)) jobs.set(cron.id, cron.scheduler);
      again = deps.scheduler.every(AGAIN_MS, "answers that could not be written", "each", late.again);
    },
    async stop() {
      stopped = true;
      jobs.remove(crons.list().map((cron) => cron.id));
      await runs.settled();
      again?.cancel();
      await late.again();
    },
    judged: {
      async start() {
        const broken = crons.list().filter((cron) => isScheduled(cron) && isBroken(cron));
        await tellBroken({ ...deps, database: judge.database }, broken);
        await missed.start();
      },
      stop: missed.stop,
    },
  };
}

function createSchedules(location: string) {
  const parse = (text: string): ReturnType<typeof parseSchedule> => parseSchedule(text, location);
  return {
    /** What is wrong with a schedule. */
    checkSchedule(text: string): string | undefined {
      const parsed = parse(text);
      return "error" in parsed ? parsed.error : undefined;
    },
    nextOf(text: string): ((after: number) => number | undefined) | undefined {
      const parsed = parse(text);
      return "error" in parsed ? undefined : parsed.schedule.next;
    },
  };
}

async function tellBroken(
  { database, deliveries, translate }: Pick<CronDeps, "deliveries" | "translate"> & { readonly database: Seat["database"] },
  crons: readonly Cron[],
): Promise<void> {
  if (crons.length === 0) return;
  await database.change(async (tx, changes) => {
    for (const { ownerId, groupId, rows: broken } of byTeller(crons, (cron) => cron)) {
      const ids = broken.map((cron) => cron.id).join(",");
      const end = "] These tasks will not execute properly. Fix them in the admin dashboard.";
      const text = `${translate("Tasks failed to register: [")}${ids}${translate(end)}`;
      if (groupId !== 0) await deliveries.tell(tx, changes, groupId, { text, ownerId });
    }
  });
}
