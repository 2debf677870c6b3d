import type { Cron, CronRun } from "@windfire/api";
import { parseTime } from "#lib/time-format.ts";
import { useRead } from "#shell/console/queries.ts";

/** As many as the dashboard gives at once; of a task with none among them its row says how it went, as far as it knows. */
const MOST_RUNS = 200;
const LOOK_MS = 60_000;

/** Newest first; asked for every minute unless it is to be sooner. */
export function useLastRuns(everyMs = LOOK_MS): readonly CronRun[] {
  return useRead<CronRun[] | null>("/cron-run", { limit: MOST_RUNS }, { everyMs }).data ?? [];
}

/**
 * Tasks whose last run that is over failed on some server. The row of a task knows of the server alone that answered last, which may have
 * done well where another one failed.
 */
export function failedTasks(tasks: readonly Cron[], runs: readonly CronRun[]): ReadonlySet<number> {
  const newest = new Map<number, CronRun["state"]>();
  for (const { cron_id: id, state } of runs) if (!newest.has(id) && (state === "succeeded" || state === "failed")) newest.set(id, state);
  const hasFailed = ({ id, last_result: result, last_executed_at: at }: Cron): boolean => {
    if (parseTime(at) === undefined) return false;
    return newest.has(id) ? newest.get(id) === "failed" : result !== true;
  };
  return new Set(tasks.filter(hasFailed).map(({ id }) => id));
}
