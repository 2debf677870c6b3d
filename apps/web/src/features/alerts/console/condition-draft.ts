import type { AlertCondition, AlertConditionFormInput } from "@windfire/api";
import { coversNothing, EVERYWHERE, readFlagCoverage, writeFlagCoverage } from "#shell/console/fields/coverage.ts";
import type { Coverage } from "#shell/console/fields/coverage.ts";
import { fittingUnit, isCycle, isKnown, measureOf } from "./alert-types.ts";

export type Bound = "above" | "below" | "outside";
export const BOUNDS: readonly Bound[] = ["above", "below", "outside"];

/** Seconds that one check stands for (spec 30 section 2.1). */
export const CHECK_SECONDS = 3;
const FEWEST_CHECKS = 3;
export const TIME_UNITS = { second: 1, minute: 60, hour: 3600 } as const;
export type TimeUnit = keyof typeof TIME_UNITS;
export const CYCLE_UNITS = ["hour", "day", "week", "month", "year"] as const;

/** One condition as it is written in the form. */
export interface ConditionDraft {
  readonly type: string;
  readonly bound: Bound;
  readonly lower: string;
  readonly upper: string;
  /** Factor of the unit that both limits are written in. */
  readonly factor: number;
  readonly time: string;
  readonly timeUnit: TimeUnit;
  readonly interval: string;
  readonly cycleUnit: string;
  /** Local date and time, as the browser's own field writes them. */
  readonly start: string;
  readonly coverage: Coverage;
  /** What was stored: a condition of an unknown type goes back as it is. */
  readonly stored: AlertCondition | undefined;
}

/** `start`: when its first cycle begins. */
export function newCondition(start: Date): ConditionDraft {
  return {
    type: "cpu",
    bound: "above",
    lower: "",
    upper: "90",
    factor: 1,
    time: "2",
    timeUnit: "minute",
    interval: "1",
    cycleUnit: "month",
    start: start.toISOString(),
    coverage: EVERYWHERE,
    stored: undefined,
  };
}

export function readCondition(stored: AlertCondition): ConditionDraft {
  const { min = 0, max = 0 } = stored;
  const factor = fittingUnit(measureOf(stored.type), [min, max]);
  const written = (value: number) => (value === 0 ? "" : String(value / factor));
  const { time, unit } = timeOf((stored.duration ?? 0) * CHECK_SECONDS);
  return {
    type: stored.type,
    bound: min > 0 ? (max > 0 ? "outside" : "below") : "above",
    lower: written(min),
    upper: written(max),
    factor,
    time,
    timeUnit: unit,
    interval: String(stored.cycle_interval ?? 1),
    cycleUnit: (stored.cycle_unit ?? "").toLowerCase() || "hour",
    start: stored.cycle_start ?? "",
    coverage: readFlagCoverage(stored.cover, stored.ignore),
    stored,
  };
}

/** The largest unit that says it without a fraction. */
function timeOf(seconds: number): { time: string; unit: TimeUnit } {
  const unit = (["hour", "minute"] as const).find((name) => seconds > 0 && seconds % TIME_UNITS[name] === 0) ?? "second";
  return { time: seconds === 0 ? "" : String(seconds / TIME_UNITS[unit]), unit };
}

export const secondsOf = (draft: ConditionDraft): number => Number(draft.time) * TIME_UNITS[draft.timeUnit];
export const checksOf = (draft: ConditionDraft): number => Math.max(0, Math.round(secondsOf(draft) / CHECK_SECONDS));

export function writeCondition(draft: ConditionDraft): AlertConditionFormInput {
  const { cover, flags } = writeFlagCoverage(draft.coverage);
  if (!isKnown(draft.type) && draft.stored !== undefined) return { ...draft.stored, cover, ignore: flags };
  const limits = draft.type === "offline" ? {} : limitsOf(draft);
  const base = { type: draft.type, ...limits, cover, ignore: flags };
  if (!isCycle(draft.type)) return { ...base, duration: checksOf(draft) };
  return { ...base, cycle_interval: Number(draft.interval), cycle_unit: draft.cycleUnit, cycle_start: draft.start };
}

function limitsOf({ bound, lower, upper, factor }: ConditionDraft): { min?: number; max?: number } {
  const min = bound === "above" ? 0 : Number(lower) * factor;
  const max = bound === "below" ? 0 : Number(upper) * factor;
  return { ...(min > 0 ? { min } : {}), ...(max > 0 ? { max } : {}) };
}

/** Key of what is wrong with a condition, and with which of its fields. */
export type ConditionErrors = Readonly<Partial<Record<"lower" | "upper" | "time" | "interval" | "start" | "coverage", string>>>;

const isLimit = (text: string) => /^\d+(?:\.\d+)?$/.test(text.trim()) && Number(text) > 0;

export function checkCondition(draft: ConditionDraft, now: number): ConditionErrors {
  const wrong: { -readonly [K in keyof ConditionErrors]: ConditionErrors[K] } = {};
  if (coversNothing(draft.coverage)) wrong.coverage = "cover.needed";
  if (!isKnown(draft.type)) return wrong;
  if (draft.type !== "offline") {
    if (draft.bound !== "above" && !isLimit(draft.lower)) wrong.lower = "alerts.limitNeeded";
    if (draft.bound !== "below" && !isLimit(draft.upper)) wrong.upper = "alerts.limitNeeded";
    else if (draft.bound === "outside" && Number(draft.upper) < Number(draft.lower)) wrong.upper = "alerts.order";
  }
  if (!isCycle(draft.type)) {
    if (!(checksOf(draft) >= FEWEST_CHECKS)) wrong.time = "alerts.durationShort";
    return wrong;
  }
  if (!/^[1-9]\d*$/.test(draft.interval.trim())) wrong.interval = "alerts.cycleWrong";
  const start = Date.parse(draft.start);
  if (Number.isNaN(start) || start > now) wrong.start = "alerts.fromWrong";
  return wrong;
}
