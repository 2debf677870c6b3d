import { flaggedCoverage } from "#access";
import type { Coverage } from "#access";

/** One condition of a rule (spec 30 section 2.1). */
export interface AlertCondition {
  /** Kind of value; not checked, because scripts send kinds of other versions. */
  readonly type: string;
  /** 0: no bound. */
  readonly min: number;
  readonly max: number;
  /** RFC 3339 with the offset that the cycle is reckoned in. */
  readonly cycleStart: string | undefined;
  readonly cycleInterval: number;
  /** `hour`, `day`, `week`, `month`, `year` in any case; anything else is an hour. */
  readonly cycleUnit: string;
  /** Checks in a row. */
  readonly duration: number;
  /** 0 all servers but the list, 1 only the list. */
  readonly cover: number;
  /** Server id → whether it is on the list that `cover` speaks of. */
  readonly ignore: Readonly<Record<string, boolean>>;
}

/** A rule: it fails on a server when all of its conditions do. */
export interface AlertRule {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  /** Null: never set, which is off. */
  readonly enable: boolean | null;
  /** 0 at every failing check, 1 only on the change. */
  readonly triggerMode: number;
  /** 0: none. */
  readonly notificationGroupId: number;
  readonly rules: readonly AlertCondition[] | null;
  /** Crons. */
  readonly failTriggerTasks: readonly number[] | null;
  readonly recoverTriggerTasks: readonly number[] | null;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What a person writes of a rule. */
export type AlertSettings = Omit<AlertRule, "id" | "ownerId" | "createdAt" | "updatedAt">;

/** Whether a condition is about the traffic of a period. */
export function isCycle(condition: Pick<AlertCondition, "type">): boolean {
  return condition.type.endsWith("_cycle");
}

export function coveragesOf(rule: Pick<AlertRule, "rules">): (Coverage | undefined)[] {
  return (rule.rules ?? []).map((condition) => flaggedCoverage(condition.cover, condition.ignore));
}

/** Whether a server is one of those that `cover` and the list speak of, whoever owns it. */
export function covers(condition: Pick<AlertCondition, "cover" | "ignore">, serverId: number): boolean {
  const isListed = condition.ignore[serverId] === true;
  return condition.cover === 0 ? !isListed : condition.cover === 1 && isListed;
}

const LEAST_DURATION = 3;

/** What is wrong with a condition by itself: the message id, `undefined` when nothing is. `now` in Unix milliseconds. */
export function conditionProblem(condition: AlertCondition, now: number): string | undefined {
  if (!flaggedCoverage(condition.cover, condition.ignore)) return "permission denied";
  if (!isCycle(condition)) return condition.duration < LEAST_DURATION ? "duration need to be at least 3" : undefined;
  if (condition.cycleInterval < 1) return "cycle_interval need to be at least 1";
  if (condition.cycleStart === undefined) return "cycle_start is not set";
  return Date.parse(condition.cycleStart) > now ? "cycle_start is a future value" : undefined;
}

/** What is deleted elsewhere; ids. */
export interface Gone {
  readonly servers?: ReadonlySet<number>;
  readonly crons?: ReadonlySet<number>;
  readonly notificationGroups?: ReadonlySet<number>;
}

/** A rule without references to what is gone; the rule itself when it has none. */
export function withoutReferences(rule: AlertRule, { servers, crons, notificationGroups }: Gone): AlertRule {
  const isGoneServer = (id: string): boolean => servers?.has(Number(id)) ?? false;
  const hasServer = rule.rules?.some((condition) => Object.keys(condition.ignore).some(isGoneServer)) ?? false;
  const hasCron = [...(rule.failTriggerTasks ?? []), ...(rule.recoverTriggerTasks ?? [])].some((id) => crons?.has(id));
  const hasGroup = notificationGroups?.has(rule.notificationGroupId) ?? false;
  if (!hasServer && !hasCron && !hasGroup) return rule;
  const kept = (ids: readonly number[] | null): readonly number[] | null => ids && ids.filter((id) => !crons?.has(id));
  const listed = (flags: AlertCondition["ignore"]) => Object.fromEntries(Object.entries(flags).filter(([id]) => !isGoneServer(id)));
  return {
    ...rule,
    rules: rule.rules && rule.rules.map((condition) => ({ ...condition, ignore: listed(condition.ignore) })),
    failTriggerTasks: kept(rule.failTriggerTasks),
    recoverTriggerTasks: kept(rule.recoverTriggerTasks),
    notificationGroupId: hasGroup ? 0 : rule.notificationGroupId,
  };
}
