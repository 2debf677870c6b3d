import { isDeepStrictEqual } from "node:util";
import { canManageCovering, requireCoverage, requireNotificationGroup, requireTriggerTasks } from "#access/policy";
import type { Owned, ServerReach } from "#access/policy";
import { refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { conditionProblem, coveragesOf } from "./model.ts";
import type { AlertRule, AlertSettings } from "./model.ts";

/** Conditions of one rule (spec 60 section 5). */
const MOST_CONDITIONS = 32;

export interface AlertCheckDeps {
  readonly reach: ServerReach;
  readonly now: () => number;
  readonly crons: { get(id: number): Owned | undefined };
  /** Owner of a notification group, `undefined` when there is none with that id. */
  readonly notificationGroupOwner: (groupId: number) => Promise<number | undefined>;
}

/** What is refused about alert rules, in the order of spec 11 section 8.3. */
export function createAlertChecks({ reach, now, crons, notificationGroupOwner }: AlertCheckDeps) {
  const mayManage = (caller: Caller, rule: Owned & Pick<AlertRule, "rules">): boolean =>
    canManageCovering(caller, rule, coveragesOf(rule), reach);
  return {
    mayManage,
    /** `stored`: conditions that the rule has already; as many as these are accepted when they come back unchanged. */
    requireConditions(caller: Caller, ownerId: number, form: AlertSettings, stored?: AlertRule["rules"]): void {
      if (!mayManage(caller, { ownerId, rules: form.rules })) throw refuse("permission denied");
      if (!form.rules?.length) throw refuse("need to configure at least a single rule");
      if (form.rules.length > MOST_CONDITIONS && !isDeepStrictEqual(form.rules, stored)) throw refuse("at most %d rules", MOST_CONDITIONS);
      for (const [index, condition] of form.rules.entries()) {
        const problem = conditionProblem(condition, now());
        if (problem === undefined) continue;
        // Of 2, which tasks have, it is said in Nezha's words.
        const isNoCover = problem === "permission denied" && condition !== null && condition.cover > 2;
        throw isNoCover ? refuseText(`rules.${index}.cover: must be 0 or 1`) : refuse(problem);
      }
    },
    /** `stored`: the row that is replaced; what it names already may be gone or somebody else's. */
    async requireReferences(caller: Caller, ownerId: number, form: AlertSettings, stored?: AlertRule): Promise<void> {
      const known = stored && coveragesOf(stored).flatMap((coverage) => coverage?.serverIds ?? []);
      for (const coverage of coveragesOf(form)) requireCoverage(caller, ownerId, coverage, reach, known);
      requireTriggerTasks(caller, tasksOf(form), (id) => crons.get(id)?.ownerId, stored && tasksOf(stored));
      const groupOwner = form.notificationGroupId === 0 ? undefined : await notificationGroupOwner(form.notificationGroupId);
      requireNotificationGroup(caller, form.notificationGroupId, () => groupOwner, stored?.notificationGroupId);
    },
  };
}

function tasksOf(rule: Pick<AlertRule, "failTriggerTasks" | "recoverTriggerTasks">): number[] {
  return [...(rule.failTriggerTasks ?? []), ...(rule.recoverTriggerTasks ?? [])];
}

export type AlertChecks = ReturnType<typeof createAlertChecks>;
