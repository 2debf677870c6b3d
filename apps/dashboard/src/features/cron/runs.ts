import { TASK } from "@windfire/protocol";
import type { ServerReach } from "#access/policy";
import type { Agents, DispatchOutcome } from "#kernel";
import type { Notice } from "#features/notifications";
import type { ServerDirectory } from "#features/servers";
import { coverageOf, targetsOf } from "./model.ts";
import type { Cron } from "./model.ts";
import type { ResultPermits } from "./permits.ts";
import type { Crons } from "./store.ts";

export interface CronRunDeps {
  readonly crons: Crons;
  readonly permits: ResultPermits;
  readonly servers: Pick<ServerDirectory, "get">;
  readonly reach: ServerReach;
  /** Whether an owner's records address every server: administrators and the global owner 0. */
  readonly ownsEverything: (userId: number) => boolean;
  readonly agents: Pick<Agents, "dispatch">;
  /** Hands a message over for sending; must not wait for it. */
  readonly notify: (groupId: number, notice: Notice) => void;
  readonly translate: (messageId: string, ...args: (string | number)[]) => string;
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
  run(cronId: number, trigger?: number): Promise<CronRun | undefined>;
  /** Runs what a service or an alert rule names. Crons of others than its owner are left out (GHSA-rxf6-wjh4-jfj6). */
  trigger(cronIds: readonly number[], event: { readonly serverId: number; readonly ownerId: number }): Promise<void>;
  /** Commands that were not sent because an agent does not take what it is sent. */
  readonly busyCount: number;
}

/** Running crons (spec 30 sections 4.3 and 4.4). */
export function createCronRuns(deps: CronRunDeps): CronRuns {
  const { crons, permits } = deps;
  let busyCount = 0;

  const tellOffline = (cron: Cron, serverId: number): void => {
    if (cron.notificationGroupId === 0) return;
    const serverName = deps.servers.get(serverId)?.settings.name ?? "";
    const text = deps.translate("[Task failed] %s: server %s is offline and cannot execute the task", cron.name, serverName);
    deps.notify(cron.notificationGroupId, { text, serverId, severity: "warning", facts: { subject: serverName, rule: cron.name } });
  };
  const send = async (cron: Cron, serverId: number): Promise<DispatchOutcome> => {
    const needsPermit = coverageOf(cron)?.mode === "trigger";
    if (needsPermit) permits.reserve(cron.id, serverId);
    const outcome = await deps.agents.dispatch(serverId, { id: cron.id, type: TASK.command, data: cron.command });
    if (needsPermit && outcome !== "sent") permits.revoke(cron.id, serverId);
    if (outcome === "queue-full") busyCount++;
    if (outcome === "offline") tellOffline(cron, serverId);
    return outcome;
  };
  const run = async (cron: Cron, trigger?: number): Promise<CronRun> => {
    const targets = targetsOf(cron, deps.reach.reachOf(cron.ownerId), trigger);
    const outcomes = await Promise.all(targets.map(async (serverId) => ({ serverId, outcome: await send(cron, serverId) })));
    const having = (wanted: DispatchOutcome) => outcomes.filter(({ outcome }) => outcome === wanted).map(({ serverId }) => serverId);
    return { sent: having("sent"), offline: having("offline"), busy: having("queue-full") };
  };

  return {
    get busyCount() {
      return busyCount;
    },
    async run(cronId, trigger) {
      const cron = crons.get(cronId);
      return cron && run(cron, trigger);
    },
    async trigger(cronIds, { serverId, ownerId }) {
      for (const id of new Set(cronIds)) {
        const cron = crons.get(id);
        if (cron && (cron.ownerId === ownerId || deps.ownsEverything(ownerId))) await run(cron, serverId);
      }
    },
  };
}
