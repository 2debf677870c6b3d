import { isDeepStrictEqual } from "node:util";
import type { Allowance } from "#kernel";
import type { CronJobs } from "./jobs.ts";
import { isScheduled } from "./model.ts";
import type { Cron } from "./model.ts";
import type { PendingResults } from "./pending-results.ts";
import type { ResultPermits } from "./permits.ts";
import type { Crons } from "./store.ts";

export interface FollowDeps {
  readonly crons: Crons;
  readonly permits: Pick<ResultPermits, "forgetCrons">;
  readonly pending: Pick<PendingResults, "forgetCrons">;
  readonly allowance: Pick<Allowance, "forget">;
  readonly jobs: CronJobs;
  readonly checkSchedule: (text: string) => string | undefined;
}

/** Keeps schedules, and who may still report a result, in step with the rows. */
export function followCrons({ crons, permits, pending, allowance, jobs, checkSchedule }: FollowDeps): void {
  const schedule = (cron: Cron): void => {
    if (isScheduled(cron) && checkSchedule(cron.scheduler) === undefined) jobs.set(cron.id, cron.scheduler);
    else jobs.remove([cron.id]);
  };
  crons.subscribe({
    changed({ key, before, after }) {
      if (!after) {
        jobs.remove([key]);
        permits.forgetCrons([key]);
        pending.forgetCrons([key]);
        allowance.forget(key);
        return;
      }
      const same = before !== undefined && isDeepStrictEqual(settingsOf(before), settingsOf(after));
      if (!same) permits.forgetCrons([key]);
      // Every save counts the schedule from now and gives the entry another number; a result that is noted in the row does neither.
      if (!same || !hasRun(before, after)) schedule(after);
    },
    reloaded: (all) => {
      for (const cron of all) schedule(cron);
    },
  });
}

function settingsOf({ name, taskType, scheduler, command, serverIds, cover, pushSuccessful, notificationGroupId }: Cron): Partial<Cron> {
  return { name, taskType, scheduler, command, serverIds, cover, pushSuccessful, notificationGroupId };
}

function hasRun(before: Cron, after: Cron): boolean {
  return before.lastExecutedAt !== after.lastExecutedAt || before.lastResult !== after.lastResult;
}
