import type { Job, Scheduler } from "#platform/scheduler";

/** The schedule entries of crons. */
export interface CronJobs {
  /** Makes or replaces the entry of a cron; its time counts from now. Fails on a schedule that cannot be read. */
  set(cronId: number, schedule: string): void;
  remove(cronIds: readonly number[]): void;
  /** Number of the entry, `undefined` when the cron has none; another one after each change. */
  numberOf(cronId: number): number | undefined;
}

export function createCronJobs(deps: {
  readonly scheduler: Pick<Scheduler, "at">;
  readonly start: (cronId: number, due: number) => Promise<void>;
}): CronJobs {
  const entries = new Map<number, { readonly number: number; readonly job: Job }>();
  let made = 0;
  const remove = (cronId: number): void => {
    entries.get(cronId)?.job.cancel();
    entries.delete(cronId);
  };
  return {
    set(cronId, schedule) {
      remove(cronId);
      // A run only hands the command to the agents: runs of one cron may follow each other as closely as its schedule says.
      const job = deps.scheduler.at(schedule, `cron ${cronId}`, "judge", (due) => deps.start(cronId, due), { overlap: "allow" });
      entries.set(cronId, { number: ++made, job });
    },
    remove(cronIds) {
      for (const id of cronIds) remove(id);
    },
    numberOf: (cronId) => entries.get(cronId)?.number,
  };
}
