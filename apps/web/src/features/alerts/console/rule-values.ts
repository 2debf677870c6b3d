import type { AlertCondition, AlertConditionFormInput, AlertRule, AlertRuleFormInput } from "@windfire/api";
import type { Coverage } from "#shell/console/fields/coverage.ts";
import { checkCondition, newCondition, readCondition, writeCondition } from "./condition-draft.ts";
import type { ConditionDraft } from "./condition-draft.ts";

/** `trigger_mode` (spec 30 section 2.1): 0 reminds, everything else does not. */
const ONCE = 1;
const REMIND = 0;

export type Severity = NonNullable<AlertRule["severity"]>;
export const SEVERITIES: readonly Severity[] = ["info", "warning", "critical"];

export interface RuleValues {
  readonly name: string;
  readonly enabled: boolean;
  readonly conditions: readonly ConditionDraft[];
  /** The conditions as text while they are edited so. */
  readonly json: string | undefined;
  readonly severity: Severity;
  readonly group: number;
  readonly once: boolean;
  readonly failTasks: readonly number[];
  readonly recoverTasks: readonly number[];
}

export function readRule(rule: AlertRule | undefined, start: Date): RuleValues {
  return {
    name: rule?.name ?? "",
    enabled: rule === undefined ? true : rule.enable === true,
    conditions: rule === undefined ? [newCondition(start)] : conditionsOf(rule).map(readCondition),
    json: undefined,
    severity: rule?.severity ?? "warning",
    group: rule?.notification_group_id ?? 0,
    once: rule === undefined ? true : rule.trigger_mode !== REMIND,
    failTasks: rule?.fail_trigger_tasks ?? [],
    recoverTasks: rule?.recover_trigger_tasks ?? [],
  };
}

export function writeRule(values: RuleValues): AlertRuleFormInput {
  return {
    name: values.name.trim(),
    enable: values.enabled,
    rules: conditionsIn(values),
    severity: values.severity,
    notification_group_id: values.group,
    trigger_mode: values.once ? ONCE : REMIND,
    fail_trigger_tasks: [...values.failTasks],
    recover_trigger_tasks: [...values.recoverTasks],
    keep_state: true,
  };
}

/** The conditions of a form as the interface takes them. */
export function conditionsIn(values: RuleValues): AlertConditionFormInput[] {
  return values.json === undefined ? values.conditions.map(writeCondition) : (parseConditions(values.json) ?? []);
}

export const toJson = (conditions: readonly ConditionDraft[]): string => JSON.stringify(conditions.map(writeSafely), null, 2);

/** A date that is not finished yet has no text. */
function writeSafely(draft: ConditionDraft): AlertConditionFormInput {
  const valid = !Number.isNaN(Date.parse(draft.start));
  return writeCondition(valid ? draft : { ...draft, start: new Date(0).toISOString() });
}

/** Conditions of a text; `undefined` when it is no list of objects with a type. The dashboard checks the rest. */
export function parseConditions(text: string): AlertCondition[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every(isCondition) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isCondition(value: unknown): value is AlertCondition {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string";
}

export function checkRule(values: RuleValues, now: number): Partial<Record<keyof RuleValues, string>> {
  const wrong: Partial<Record<keyof RuleValues, string>> = {};
  if (values.name.trim() === "") wrong.name = "form.required";
  if (values.json !== undefined) {
    const parsed = parseConditions(values.json);
    if (parsed === undefined) wrong.json = "alerts.jsonWrong";
    else if (parsed.length === 0) wrong.json = "alerts.one";
    return wrong;
  }
  if (values.conditions.length === 0) wrong.conditions = "alerts.one";
  const first = values.conditions.flatMap((draft) => Object.values(checkCondition(draft, now)))[0];
  if (first !== undefined) wrong.conditions = first;
  return wrong;
}

/** The servers all conditions share; `undefined` when they differ. */
export function sharedCoverage(conditions: readonly ConditionDraft[]): Coverage | undefined {
  const [first, ...others] = conditions.map(({ coverage }) => coverage);
  if (first === undefined) return undefined;
  const same = (other: Coverage) =>
    other.mode === first.mode && other.ids.length === first.ids.length && other.ids.every((id) => first.ids.includes(id));
  return others.every(same) ? first : undefined;
}

/** A server that is gone sends nothing to compare: together with others `offline` never fires (spec 30 section 2.4). */
export const hidesOffline = (conditions: readonly ConditionDraft[]): boolean =>
  conditions.some(({ type }) => type === "offline") && conditions.some(({ type }) => type !== "offline");

/** Conditions of a stored rule. An element that is `null` is none: it goes with the next save, which takes only good ones. */
export const conditionsOf = (rule: AlertRule | undefined): AlertCondition[] =>
  (rule?.rules ?? []).filter((condition) => condition !== null);
