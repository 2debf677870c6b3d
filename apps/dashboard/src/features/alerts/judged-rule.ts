import { conditionJson } from "./condition-json.ts";
import { STANDS_MS, STEP_MS } from "./engine.ts";
import type { JudgedCondition, JudgedRule, Verdict } from "./engine.ts";
import { isOutside, measureOf } from "./measures.ts";
import type { Snapshot } from "./measures.ts";
import { conditionsOf, covers, invalidity, isCycle } from "./model.ts";
import type { AlertCondition, AlertRule } from "./model.ts";

/** A rule made ready for being judged. */
export interface WatchedRule extends JudgedRule {
  readonly rule: AlertRule;
  /** Looked at by the clock, because a server that is gone reports nothing; all others at each report. */
  readonly byClock: boolean;
  readonly cycles: readonly { readonly condition: AlertCondition; readonly index: number }[];
  /** Whether it can fail on a server: a condition that does not cover it passes there always. */
  covers(serverId: number): boolean;
  /** One letter for each condition; `cycle` gives those that no report decides. */
  values(snapshot: Snapshot, cycle: (condition: AlertCondition) => Verdict): string;
}

/** `undefined` for a rule that is not judged: off, or not valid at `now` (spec 30 sections 2.2 and 2.4). */
export function watchedRule(rule: AlertRule, now: number): WatchedRule | undefined {
  if (rule.enable !== true || invalidity(rule, now) !== undefined) return undefined;
  const conditions = conditionsOf(rule);
  const judged = conditions.map(judgedCondition);
  const values = conditions.map(valueOf);
  return {
    rule,
    conditions: judged,
    longestMs: Math.max(...judged.map(({ windowMs }) => windowMs)),
    standsMs: STANDS_MS,
    byClock: conditions.every(({ type }) => type === "offline"),
    cycles: conditions.flatMap((condition, index) => (isCycle(condition) ? [{ condition, index }] : [])),
    covers: (serverId) => conditions.every((condition) => covers(condition, serverId)),
    values: (snapshot, cycle) => {
      let letters = "";
      for (const value of values) letters += value(snapshot, cycle);
      return letters;
    },
  };
}

type Judging = Pick<AlertRule, "enable" | "triggerMode" | "rules">;

/** Whether two settings of a rule judge the same in the same way, whoever is told of it. */
export function judgesSame(a: Judging, b: Judging): boolean {
  const judging = ({ enable, triggerMode, rules }: Judging): string =>
    JSON.stringify([enable === true, triggerMode === 0, rules && rules.map((condition) => condition && judgedJson(condition))]);
  return judging(a) === judging(b);
}

/** Only what is true counts of the list. */
function judgedJson({ ignore, ...condition }: AlertCondition) {
  const listed = Object.entries(ignore).filter(([, isListed]) => isListed);
  return { ...conditionJson({ ...condition, ignore: Object.fromEntries(listed) }), unreadable: condition.unreadable };
}

function judgedCondition(condition: AlertCondition): JudgedCondition {
  if (isCycle(condition)) return { kind: "newest", windowMs: 0 };
  return { kind: condition.type === "offline" ? "offline" : "window", windowMs: condition.duration * STEP_MS };
}

type ValueOf = (snapshot: Snapshot, cycle: (condition: AlertCondition) => Verdict) => Verdict;

function valueOf(condition: AlertCondition): ValueOf {
  if (isCycle(condition)) return (_, cycle) => cycle(condition);
  const measure = measureOf(condition.type);
  // A report is a sign of life.
  if (measure === undefined) return () => "P";
  return (snapshot) => {
    const value = measure(snapshot);
    if (value === undefined) return "U";
    return isOutside(condition, value) ? "F" : "P";
  };
}
