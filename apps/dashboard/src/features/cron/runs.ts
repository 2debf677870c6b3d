import { TASK } from "@windfire/protocol";
import type { ServerReach } from "#access/policy";
import type { Agents, Allowance, DispatchOutcome } from "#kernel";
import type { Seat } from "#platform/leases";
import { coverageOf, targetsOf } from "./model.ts";
import type { Cron } from "./model.ts";
import type { ResultPermits } from "./permits.ts";
import { BEGUN_ELSEWHERE } from "./run-recorder.ts";
import type { RunOrder, RunRecorder } from "./run-recorder.ts";
import type { Crons } from "./store.ts";

export interface CronRunDeps {
  readonly crons: Crons;
  readonly permits: ResultPermits;
  readonly allowance: Pick<Allowance, "add">;
  readonly recorder: RunRecorder;
  readonly reach: ServerReach;
  /** Whether an owner's records address every server: administrators and the global owner 0. */
  readonly ownsEverything: (userId: number) => boolean;
  readonly agents: Pick<Agents, "dispatch">;
  readonly judge: Pick<Seat, "maySend">;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** What was done to run a cron. */
export interface CronRun {
  readonly sent: readonly number[];
  readonly offline: readonly number[];
  /** Agents that do not take what they are sent. */
  readonly busy: readonly number[];
}

export interface CronRuns {
  /** Sends the command to every server the cron covers now; `undefined` when there is no such cron. */
  run(cronId: number, order: RunOrder): Promise<CronRun | undefined>;
  /** Runs what a service or an alert rule names, each once whatever fails. Crons of others than its owner are left out (GHSA-rxf6-wjh4-jfj6). */
  trigger(cronIds: readonly number[], event: { readonly serverId: number; readonly ownerId: number }): Promise<void>;
  /** Commands that were not sent because an agent does not take what it is sent. */
  readonly busyCount: number;
  /** Resolves when everything that has begun is sent and written. */
  settled(): Promise<void>;
}

/** Running crons (spec 30 sections 4.3 and 4.4). */
export function createCronRuns(deps: CronRunDeps): CronRuns {
  const { allowance, crons, permits, recorder } = deps;
  const running = new Set<Promise<unknown>>();
  let busyCount = 0;

  const send = async (cron: Cron, serverId: number, runId: number): Promise<DispatchOutcome> => {
    const needsPermit = coverageOf(cron)?.mode === "trigger";
    if (needsPermit) permits.reserve(cron.id, serverId, deps.now());
    // The answer may come before we hear that the agent has the command.
    const expected = recorder.expect(cron, runId, serverId);
    const outcome = await deps.agents.dispatch(serverId, { id: cron.id, type: TASK.command, data: cron.command });
    if (needsPermit && outcome !== "sent") permits.revoke(cron.id, serverId);
    if (outcome === "sent") allowance.add(cron.id, serverId);
    else expected.cancel();
    if (outcome === "queue-full") busyCount++;
    return outcome;
  };
  const run = async (cron: Cron, order: RunOrder): Promise<CronRun> => {
    const targets = targetsOf(cron, deps.reach.reachOf(cron.ownerId), order.trigger);
    const runId = await recorder.begin(cron, order, targets);
    // The row may have been deleted meanwhile, and the run with it.
    if (runId === BEGUN_ELSEWHERE || !crons.get(cron.id)) return { sent: [], offline: [], busy: [] };
    // This process stood still since: its time is over, and no answer of this run will come.
    if (order.cause !== "manual" && !deps.judge.maySend) return { sent: [], offline: [], busy: [] };
    const outcomes = await Promise.all(targets.map(async (serverId) => ({ serverId, outcome: await send(cron, serverId, runId) })));
    const having = (wanted: DispatchOutcome) => outcomes.filter(({ outcome }) => outcome === wanted).map(({ serverId }) => serverId);
    const done = { sent: having("sent"), offline: having("offline"), busy: having("queue-full") };
    await recorder.unsent(cron, runId, done);
    return done;
  };
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    const over: Promise<void> = work.then(
      () => undefined,
      () => undefined,
    );
    running.add(over);
    void over.then(() => running.delete(over));
    return work;
  };

  return {
    get busyCount() {
      return busyCount;
    },
    async run(cronId, order) {
      const cron = crons.get(cronId);
      return cron && tracked(run(cron, order));
    },
    async trigger(cronIds, { serverId, ownerId }) {
      for (const id of new Set(cronIds)) {
        const cron = crons.get(id);
        if (!cron || (cron.ownerId !== ownerId && !deps.ownsEverything(ownerId))) continue;
        // Agents may have the command by now: whoever tried all of it again would run it twice.
        await tracked(run(cron, { cause: "trigger", trigger: serverId })).catch(deps.onError);
      }
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
