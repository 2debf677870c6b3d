import { ALERT_TYPES, CYCLE_UNITS } from "@windfire/api";
import { flaggedCoverage } from "#access/policy";
import type { Coverage } from "#access/policy";
import type { Severity } from "#features/notifications";

/** One condition of a rule (spec 30 section 2.1). */
export interface AlertCondition {
  /** One of `ALERT_TYPES`; anything else only in rules that are not valid. */
  readonly type: string;
  /** 0: no bound. */
  readonly min: number;
  readonly max: number;
  /** RFC 3339 with the offset that the cycle is reckoned in. */
  readonly cycleStart: string | undefined;
  readonly cycleInterval: number;
  /** "" or one of `CYCLE_UNITS` in any case; "" is an hour. */
  readonly cycleUnit: string;
  /** Window in steps of 3 s. */
  readonly duration: number;
  /** 0 all servers but the list, 1 only the list. */
  readonly cover: number;
  /** Server id → whether it is on the list that `cover` speaks of. */
  readonly ignore: Readonly<Record<string, boolean>>;
  /** What of a stored condition could not be read; its members are zero here. */
  readonly unreadable?: string;
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
  /** Null, and null elements, only in stored rules that are not valid. */
  readonly rules: readonly (AlertCondition | null)[] | null;
  /** Crons. */
  readonly failTriggerTasks: readonly number[] | null;
  readonly recoverTriggerTasks: readonly number[] | null;
  readonly severity: Severity;
  /** How often the rule was saved so that it began anew. */
  readonly saves: number;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What a person writes of a rule. A severity that is left out stays what it is. */
export type AlertSettings = Omit<AlertRule, "id" | "ownerId" | "createdAt" | "updatedAt" | "saves" | "severity"> & {
  readonly severity?: Severity | undefined;
};

const TYPES: ReadonlySet<string> = new Set(ALERT_TYPES);
const FORECAST_TYPES: ReadonlySet<string> = new Set(ALERT_TYPES.filter((type) => type.endsWith("_forecast")));
const CYCLE_TYPES: ReadonlySet<string> = new Set([...ALERT_TYPES.filter((type) => type.endsWith("_cycle")), ...FORECAST_TYPES]);
const UNITS: ReadonlySet<string> = new Set(["", ...CYCLE_UNITS]);

/** Whether a condition is about the traffic of a period. */
export function isCycle(condition: Pick<AlertCondition, "type">): boolean {
  return CYCLE_TYPES.has(condition.type);
}

/** Whether it is held to what will have been used at the end of the period; ours. */
export function isForecast(condition: Pick<AlertCondition, "type">): boolean {
  return FORECAST_TYPES.has(condition.type);
}

/** The conditions of a rule that can be read. */
export function conditionsOf(rule: Pick<AlertRule, "rules">): AlertCondition[] {
  return (rule.rules ?? []).filter((condition) => condition !== null);
}

export function coveragesOf(rule: Pick<AlertRule, "rules">): (Coverage | undefined)[] {
  return conditionsOf(rule).map((condition) => flaggedCoverage(condition.cover, condition.ignore));
}

/** Whether a server is one of those that `cover` and the list speak of, whoever owns it. */
export function covers(condition: Pick<AlertCondition, "cover" | "ignore">, serverId: number): boolean {
  const isListed = condition.ignore[serverId] === true;
  return condition.cover === 0 ? !isListed : condition.cover === 1 && isListed;
}

/** Steps of a window. */
export const LEAST_DURATION = 3;
/** Steps of 3 s. */
const MOST_DURATION = 2 ** 31 - 1;
/** Weeks that fit 31 bits of days. */
const MOST_INTERVAL = Math.floor((2 ** 31 - 1) / 7);

/** What is wrong with a condition by itself, in the order of spec 30 section 2.2; `undefined`: nothing. `now` in Unix milliseconds. */
export function conditionProblem(condition: AlertCondition | null, now: number): string | undefined {
  if (condition === null) return "rule is not set";
  if (condition.unreadable !== undefined) return condition.unreadable;
  if (!TYPES.has(condition.type)) return "unsupported rule type";
  // In the first days of a period next to nothing is foretold.
  if (!areThresholds(condition) || (isForecast(condition) && condition.min > 0)) return "invalid rule thresholds";
  if (!flaggedCoverage(condition.cover, condition.ignore)) return "permission denied";
  return isCycle(condition) ? cycleProblem(condition, now) : durationProblem(condition.duration);
}

function areThresholds({ min, max }: AlertCondition): boolean {
  const isBound = (value: number): boolean => Number.isFinite(value) && value >= 0;
  return isBound(min) && isBound(max) && (min === 0 || max === 0 || min <= max);
}

function durationProblem(duration: number): string | undefined {
  if (duration < LEAST_DURATION) return "duration need to be at least 3";
  return duration > MOST_DURATION ? "duration is too large" : undefined;
}

function cycleProblem({ cycleUnit, cycleInterval, cycleStart }: AlertCondition, now: number): string | undefined {
  if (!UNITS.has(cycleUnit.toLowerCase())) return "invalid cycle unit";
  if (cycleInterval < 1) return "cycle_interval need to be at least 1";
  if (cycleInterval > MOST_INTERVAL) return "cycle_interval is too large";
  if (cycleStart === undefined) return "cycle_start is not set";
  return Date.parse(cycleStart) > now ? "cycle_start is a future value" : undefined;
}

/**
 * Why a rule is never evaluated, `undefined` for a good one: `rule 2: unsupported rule type` (spec 30 section 2.2). Asked anew each time,
 * because a clock that is set after the start must not leave rules behind whose cycles it took for future ones.
 */
export function invalidity({ rules }: Pick<AlertRule, "rules">, now: number): string | undefined {
  if (!rules) return "rules: not a list of rules";
  if (rules.length === 0) return "rules: need to configure at least a single rule";
  for (const [index, condition] of rules.entries()) {
    const problem = conditionProblem(condition, now);
    if (problem !== undefined) return `rule ${index + 1}: ${problem}`;
  }
  return undefined;
}

/** The cycle conditions that can be reckoned, also of a rule that another condition makes invalid (spec 30 section 2.7). */
export function goodCycles(rule: Pick<AlertRule, "rules">, now: number): AlertCondition[] {
  return conditionsOf(rule).filter((condition) => isCycle(condition) && conditionProblem(condition, now) === undefined);
}

/** What is deleted elsewhere; ids. */
export interface Gone {
  readonly servers?: ReadonlySet<number>;
  readonly crons?: ReadonlySet<number>;
  readonly notificationGroups?: ReadonlySet<number>;
}

/**
 * A rule without references to what is gone; the rule itself when it has none. The conditions of a rule that is not valid stay as they
 * are stored: they are never evaluated, and ids of servers are never given again.
 */
export function withoutReferences(rule: AlertRule, { servers, crons, notificationGroups }: Gone, now: number): AlertRule {
  const isGoneServer = (id: string): boolean => servers?.has(Number(id)) ?? false;
  const hasServer = invalidity(rule, now) === undefined && conditionsOf(rule).some(({ ignore }) => Object.keys(ignore).some(isGoneServer));
  const hasCron = [...(rule.failTriggerTasks ?? []), ...(rule.recoverTriggerTasks ?? [])].some((id) => crons?.has(id));
  const hasGroup = notificationGroups?.has(rule.notificationGroupId) ?? false;
  if (!hasServer && !hasCron && !hasGroup) return rule;
  const kept = (ids: readonly number[] | null): readonly number[] | null => ids && ids.filter((id) => !crons?.has(id));
  const listed = (flags: AlertCondition["ignore"]) => Object.fromEntries(Object.entries(flags).filter(([id]) => !isGoneServer(id)));
  return {
    ...rule,
    ...(hasServer ? { rules: conditionsOf(rule).map((condition) => ({ ...condition, ignore: listed(condition.ignore) })) } : {}),
    failTriggerTasks: kept(rule.failTriggerTasks),
    recoverTriggerTasks: kept(rule.recoverTriggerTasks),
    notificationGroupId: hasGroup ? 0 : rule.notificationGroupId,
  };
}
