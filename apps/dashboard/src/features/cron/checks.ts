import { canManageCovering, requireCoverage, requireNotificationGroup } from "#access/policy";
import type { ServerReach } from "#access/policy";
import { refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import type { Crons } from "./store.ts";
import { coverageOf, isScheduled } from "./model.ts";
import type { Cron, CronSettings } from "./model.ts";

export interface CronCheckDeps {
  readonly crons: Pick<Crons, "get">;
  readonly reach: ServerReach;
  /** Owner of a notification group, `undefined` when there is none with that id. */
  readonly notificationGroupOwner: (groupId: number) => Promise<number | undefined>;
  /** What is wrong with a schedule, `undefined` when it can be read (spec 30 section 4.2). */
  readonly checkSchedule: (text: string) => string | undefined;
}

/** What is refused about crons, in the order of spec 11 section 9.3. */
export function createCronChecks({ crons, reach, notificationGroupOwner, checkSchedule }: CronCheckDeps) {
  const mayManage = (caller: Caller, cron: Cron): boolean => canManageCovering(caller, cron, [coverageOf(cron)], reach);
  /** The cron, if it is there and the caller's. */
  const mine = (caller: Caller, id: number, cron: Cron | undefined): Cron => {
    if (!cron) throw refuse("task id %d does not exist", id);
    if (!mayManage(caller, cron)) throw refuse("permission denied");
    return cron;
  };
  return {
    mayManage,
    requireCover(form: CronSettings): void {
      if (!coverageOf(form)) throw refuse("permission denied");
    },
    mine,
    existing: (caller: Caller, id: number): Cron => mine(caller, id, crons.get(id)),
    /** `stored`: the row that is replaced; what it names already may be gone. */
    async requireReferences(caller: Caller, ownerId: number, form: CronSettings, stored?: Cron): Promise<void> {
      requireCoverage(caller, ownerId, coverageOf(form), reach, stored?.serverIds ?? []);
      const groupOwner = form.notificationGroupId === 0 ? undefined : await notificationGroupOwner(form.notificationGroupId);
      requireNotificationGroup(caller, form.notificationGroupId, () => groupOwner, stored?.notificationGroupId);
    },
    /** A task whose schedule cannot be read does not run, not even by hand (spec 30 section 4.6). */
    requireSchedule(cron: Pick<CronSettings, "taskType" | "cover" | "serverIds" | "scheduler">): void {
      if (!isScheduled(cron)) return;
      if (coverageOf(cron)?.mode === "trigger") throw refuse("scheduled tasks cannot be triggered by alarms");
      const problem = checkSchedule(cron.scheduler);
      if (problem !== undefined) throw refuseText(problem);
    },
  };
}

export type CronChecks = ReturnType<typeof createCronChecks>;
