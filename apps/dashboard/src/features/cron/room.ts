import { TASK } from "@windfire/protocol";
import { createAllowance } from "#kernel";
import { parseSchedule } from "#platform/scheduler";
import type { Job, Scheduler } from "#platform/scheduler";
import { createLateWrites } from "#platform/database";
import type { Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createCronCascades } from "./cascades.ts";
import type { CronCascades } from "./cascades.ts";
import { createCronChecks } from "./checks.ts";
import type { CronCheckDeps } from "./checks.ts";
import { createCronCommands } from "./commands.ts";
import type { CronCommandDeps } from "./commands.ts";
import { followCrons } from "./follow.ts";
import { createCronJobs } from "./jobs.ts";
import { createMissedWatch } from "./missed.ts";
import { byTeller, coverageOf, isScheduled } from "./model.ts";
import type { Cron } from "./model.ts";
import { createLostAnswers } from "./lost-answers.ts";
import type { LostAnswerDeps } from "./lost-answers.ts";
import { createPendingResults } from "./pending-results.ts";
import { createResultPermits } from "./permits.ts";
import { createCronResults } from "./results.ts";
import type { CronResults } from "./results.ts";
import { cronRoutes } from "./routes.ts";
import { createRunCommands } from "./run-commands.ts";
import { createRunPruning } from "./run-pruning.ts";
import { createRunRecorder } from "./run-recorder.ts";
import type { RunRecorderDeps } from "./run-recorder.ts";
import { runRoutes } from "./run-routes.ts";
import { resultStore } from "./result-store.ts";
import { triggerRoutes } from "./trigger-routes.ts";
import type { TriggerRouteDeps } from "./trigger-routes.ts";
import { createCronRuns } from "./runs.ts";
import type { CronRunDeps, CronRuns } from "./runs.ts";
import { cronKind, cronStore } from "./store.ts";
import type { Crons } from "./store.ts";

const DAY_MS = 86_400_000;
/** What the database refused is tried again this often. */
const AGAIN_MS = 10_000;
/** Results that a server may send beyond the commands it was given. */
const SPARE_RESULTS = 20;

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
  /**
   * Schedules every cron; where a schedule cannot be read, the cron's group is told (spec 30 section 4.6), and of runs that were missed
   * while nobody was here.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Loads all crons and puts the room together. */
export async function createCron(deps: CronDeps): Promise<CronRoom> {
  const { database, now } = deps;
  const checkSchedule = (text: string): string | undefined => {
    const parsed = parseSchedule(text, deps.location);
    return "error" in parsed ? parsed.error : undefined;
  };
  const nextOf = (text: string): ((after: number) => number | undefined) | undefined => {
    const parsed = parseSchedule(text, deps.location);
    return "error" in parsed ? undefined : parsed.schedule.next;
  };
  await database.transaction((tx) => cronStore.sweep(tx));
  const crons = await database.keep(cronKind);
  const permits = createResultPermits(deps);
  const allowance = createAllowance(SPARE_RESULTS);
  const pending = createPendingResults(now());
  for (const open of await resultStore.open(database.kysely, now() - DAY_MS)) {
    pending.add({ ...open, cancelled: open.state === "cancelled", lost: open.state === "unknown", inherited: true });
    const cron = crons.get(open.cronId);
    // An agent that was sent a command by an earlier process may still answer.
    if (cron && coverageOf(cron)?.mode === "trigger") permits.reserve(cron.id, open.serverId, open.sentAt);
  }
  const checks = createCronChecks({ ...deps, crons, checkSchedule });
  const late = createLateWrites(deps);
  const recorder = createRunRecorder({ ...deps, late, pending, checks });
  const runs = createCronRuns({ ...deps, crons, permits, allowance, recorder });
  const jobs = createCronJobs({
    scheduler: deps.scheduler,
    start: async (cronId) => void (await runs.run(cronId, { cause: "schedule" })),
  });
  const commands = createCronCommands({ ...deps, crons, checks });
  // Agents of ours tell their rights, and know how to end a command.
  const canStop = (serverId: number): boolean => (deps.servers.get(serverId)?.host?.rights.length ?? 0) > 0;
  const stopCommand = async (serverId: number, cronId: number): Promise<boolean> =>
    canStop(serverId) && (await deps.agents.dispatch(serverId, { id: cronId, type: TASK.stopCommand, data: "" })) === "sent";
  const runCommands = createRunCommands({ ...deps, stopCommand, crons, checks, pending });
  const lost = createLostAnswers({ ...deps, late, pending });
  const prune = createRunPruning({ database, now, pending });
  let stopped = false;
  let again: Job | undefined;
  const missed = createMissedWatch({ ...deps, crons, nextOf });
  followCrons({ crons, permits, pending, allowance, jobs, checkSchedule });
  return {
    crons,
    runs,
    results: createCronResults({ ...deps, late, crons, permits, allowance, pending }),
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
    async start() {
      const scheduled = Map.groupBy(crons.list().filter(isScheduled), (cron) => checkSchedule(cron.scheduler) === undefined);
      for (const cron of scheduled.get(true) ?? []) jobs.set(cron.id, cron.scheduler);
      await tellBroken(deps, scheduled.get(false) ?? []);
      await missed.start();
      again = deps.scheduler.every(AGAIN_MS, "answers that could not be written", late.again);
    },
    async stop() {
      stopped = true;
      jobs.remove(crons.list().map((cron) => cron.id));
      await runs.settled();
      again?.cancel();
      await late.again();
      await missed.stop();
    },
  };
}

async function tellBroken({ database, deliveries, translate }: CronDeps, crons: readonly Cron[]): Promise<void> {
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
