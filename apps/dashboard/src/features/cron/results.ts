import { cutBytes } from "@windfire/kit";
import { TASK } from "@windfire/protocol";
import type { TaskResult } from "@windfire/protocol";
import type { ServerReach } from "#access/policy";
import type { Notice } from "#features/notifications";
import type { Allowance } from "#kernel";
import type { LateWrites } from "#platform/database";
import { coverageOf, startOfRun, targetsOf } from "./model.ts";
import type { Cron } from "./model.ts";
import type { PendingResults } from "./pending-results.ts";
import type { ResultPermits } from "./permits.ts";
import type { RunRecorderDeps } from "./run-recorder.ts";
import { resultStore } from "./result-store.ts";
import { runStore } from "./run-store.ts";
import { cronKind, cronStore } from "./store.ts";
import type { Crons } from "./store.ts";

export interface CronResultDeps extends Pick<RunRecorderDeps, "deliveries" | "now" | "servers" | "translate"> {
  readonly late: Pick<LateWrites, "write">;
  readonly crons: Crons;
  readonly permits: ResultPermits;
  readonly allowance: Pick<Allowance, "take">;
  readonly pending: PendingResults;
  /** Looks up what other processes have sent a server; without it there are none. */
  readonly recall?: (serverId: number) => Promise<void>;
  readonly reach: ServerReach;
}

export interface CronResults {
  /**
   * Result of a command. One of a server that does not run it is ignored (GHSA-4g6j-g789-rghm), and so are those of a server that answers
   * more often than it was asked.
   * @returns whether it was accepted
   */
  onResult(serverId: number, result: TaskResult): Promise<boolean>;
  readonly refusedCount: number;
}

/** Taking the results of commands (spec 30 section 4.5, spec 20 section 6.2). */
export function createCronResults(deps: CronResultDeps): CronResults {
  let refusedCount = 0;

  const mayReport = (cron: Cron, serverId: number, startedAt: number): boolean => {
    if (!targetsOf(cron, deps.reach.reachOf(cron.ownerId), serverId).includes(serverId)) return false;
    if (coverageOf(cron)?.mode !== "trigger") return deps.allowance.take(cron.id, serverId);
    // The answer to a command that nobody knows of must not use up the leave of one that is waited for.
    return deps.pending.find(cron.id, serverId, startedAt) !== undefined && deps.permits.consume(cron.id, serverId);
  };
  const noticeOf = (cron: Cron, serverId: number, result: TaskResult): Notice | undefined => {
    if (cron.notificationGroupId === 0 || (result.successful && !cron.pushSuccessful)) return undefined;
    const title = deps.translate(result.successful ? "Scheduled Task Executed Successfully" : "Scheduled Task Executed Failed");
    const serverName = deps.servers.get(serverId)?.settings.name ?? "";
    const text = `[${title}] ${cron.name}, ${serverName}\n${result.data}`;
    return {
      text,
      serverId,
      ownerId: cron.ownerId,
      severity: result.successful ? "info" : "warning",
      facts: { subject: serverName, rule: cron.name },
    };
  };

  return {
    get refusedCount() {
      return refusedCount;
    },
    async onResult(serverId, result) {
      if (deps.recall) await deps.recall(serverId);
      const cron = deps.crons.get(result.id);
      const at = deps.now();
      const startedAt = startOfRun(at, result.delay);
      if (result.type !== TASK.command || !cron || !mayReport(cron, serverId, startedAt)) {
        refusedCount++;
        return false;
      }
      const { successful, data } = result;
      const pending = deps.pending.take(cron.id, serverId, startedAt);
      const seconds = Number.isFinite(result.delay) ? Math.max(result.delay, 0) : 0;
      const answer = { successful, seconds, output: cutBytes(data, cron.keepOutput), outputBytes: Buffer.byteLength(data), at };
      // Who cancelled it does not wait to be told.
      const notice = pending?.cancelled === true ? undefined : noticeOf(cron, serverId, result);
      const held = Buffer.byteLength(answer.output) + (notice === undefined ? 0 : Buffer.byteLength(notice.text));
      await deps.late.write(async (tx, changes) => {
        if (await cronStore.saveRun(tx, cron.id, { startedAt, successful }, at)) changes.put(cronKind.name, cron.id);
        if (pending) {
          await resultStore.answer(tx, pending, answer);
          await runStore.recount(tx, pending.runId, at);
        }
        if (notice) await deps.deliveries.tell(tx, changes, cron.notificationGroupId, notice);
      }, held);
      return true;
    },
  };
}
