import { TASK } from "@windfire/protocol";
import type { TaskResult } from "@windfire/protocol";
import type { Database } from "#platform/database";
import { coverageOf, startOfRun, targetsOf } from "./model.ts";
import type { Cron } from "./model.ts";
import type { CronRunDeps } from "./runs.ts";
import { cronKind, cronStore } from "./store.ts";

export interface CronResultDeps extends Pick<CronRunDeps, "crons" | "permits" | "servers" | "reach" | "notify" | "translate"> {
  readonly database: Pick<Database, "change">;
  readonly now: () => number;
}

export interface CronResults {
  /**
   * Result of a command. One that a server was not asked for is ignored (GHSA-4g6j-g789-rghm).
   * @returns whether it was accepted
   */
  onResult(serverId: number, result: TaskResult): Promise<boolean>;
  readonly refusedCount: number;
}

/** Taking the results of commands (spec 30 section 4.5, spec 20 section 6.2). */
export function createCronResults(deps: CronResultDeps): CronResults {
  let refusedCount = 0;

  const mayReport = (cron: Cron, serverId: number): boolean => {
    const covered = targetsOf(cron, deps.reach.reachOf(cron.ownerId), serverId).includes(serverId);
    return covered && (coverageOf(cron)?.mode !== "trigger" || deps.permits.consume(cron.id, serverId));
  };
  const tell = (cron: Cron, serverId: number, result: TaskResult): void => {
    if (cron.notificationGroupId === 0 || (result.successful && !cron.pushSuccessful)) return;
    const title = deps.translate(result.successful ? "Scheduled Task Executed Successfully" : "Scheduled Task Executed Failed");
    const serverName = deps.servers.get(serverId)?.settings.name ?? "";
    const text = `[${title}] ${cron.name}, ${serverName}\n${result.data}`;
    const facts = { subject: serverName, rule: cron.name };
    deps.notify(cron.notificationGroupId, { text, serverId, severity: result.successful ? "info" : "warning", facts });
  };

  return {
    get refusedCount() {
      return refusedCount;
    },
    async onResult(serverId, result) {
      const cron = deps.crons.get(result.id);
      if (result.type !== TASK.command || !cron || !mayReport(cron, serverId)) {
        refusedCount++;
        return false;
      }
      tell(cron, serverId, result);
      const now = deps.now();
      const run = { startedAt: startOfRun(now, result.delay), successful: result.successful };
      await deps.database.change(async (tx, changes) => {
        if (await cronStore.saveRun(tx, cron.id, run, now)) changes.put(cronKind.name, cron.id);
      });
      return true;
    },
  };
}
