import { addSpan, endedRun, forgetBefore, shareOf } from "./observed.ts";
import type { Observed } from "./observed.ts";

/** Passed, failed, or not known. */
export type Verdict = "P" | "F" | "U";

/** What a judge has to know of one condition. */
export interface JudgedCondition {
  /** `window`: a share of a window; `offline`: being away; `newest`: the newest value alone, such as a cycle's. */
  readonly kind: "window" | "offline" | "newest";
  /** Length of the window, whole milliseconds; 0 for `newest`. */
  readonly windowMs: number;
}

/** What a judge has to know of a rule. */
export interface JudgedRule {
  readonly conditions: readonly JudgedCondition[];
  /** The longest of the windows, milliseconds. */
  readonly longestMs: number;
  /** How long an observation stands for what comes after it, milliseconds: `STANDS_MS` of live reports. */
  readonly standsMs: number;
}

/** One look at a server: a verdict for each condition, in their order, written together (`FPU`). */
export interface Observation {
  /** Whole milliseconds of a clock that nobody sets. */
  readonly at: number;
  /** Number of the report; each one counts once. */
  readonly seq?: number;
  readonly values: string;
}

/** What is known of one rule on one server. */
export interface Pair {
  /** Time of the first observation. */
  readonly since: number;
  /** Number of the last report that was looked at. */
  readonly seen: number;
  readonly observed: Observed;
  readonly phase: "none" | "failed" | "passed";
}

export type Effect = "raise" | "clear" | "fail-tasks" | "recover-tasks";

export interface Step {
  readonly pair: Pair;
  readonly verdict: Verdict;
  readonly effects: readonly Effect[];
}

/** An observation stands for so long, and the newest one for the nominal time between two reports. */
export const STANDS_MS = 6_000;
export const STEP_MS = 3_000;

const NONE: readonly Effect[] = [];
const RAISED: readonly Effect[] = ["raise", "fail-tasks"];
const CLEARED: readonly Effect[] = ["clear", "recover-tasks"];

/**
 * Takes one observation of a rule on a server (spec 30 section 2.5): the pair afterwards, what the rule says now, and what follows from
 * it. The pair is `undefined` at the first observation; `phase` is the one to begin with, such as what was stored before a restart.
 */
export function step(rule: JudgedRule, pair: Pair | undefined, { at, seq, values }: Observation, phase: Pair["phase"] = "none"): Step {
  if (pair !== undefined && seq !== undefined && seq <= pair.seen) return { pair, verdict: "U", effects: NONE };
  const now = pair === undefined ? at : Math.max(at, pair.observed.newest.last);
  const since = pair?.since ?? now;
  const observed = observe(rule, pair?.observed, now, values);
  const verdict = alertVerdict(rule, since, observed);
  const before = pair?.phase ?? phase;
  const after = verdict === "F" ? "failed" : verdict === "P" ? "passed" : before;
  const effects = after === before ? NONE : after === "failed" ? RAISED : before === "failed" ? CLEARED : NONE;
  return { pair: { since, seen: seq ?? pair?.seen ?? 0, observed, phase: after }, verdict, effects };
}

function observe(rule: JudgedRule, observed: Observed | undefined, now: number, values: string): Observed {
  if (observed === undefined) return { cells: [], runs: [], newest: { from: now, last: now, values } };
  const { newest } = observed;
  const kept = forgetBefore(observed, now + STEP_MS - rule.longestMs);
  if (newest.values === values && now <= newest.last + rule.standsMs)
    return { cells: kept.cells, runs: kept.runs, newest: { from: newest.from, last: now, values } };
  return addSpan(kept, endedRun(newest, now, rule.standsMs), { from: now, last: now, values }, rule.longestMs);
}

/** All conditions as of the newest observation. */
function alertVerdict(rule: JudgedRule, since: number, observed: Observed): Verdict {
  let verdict: Verdict = "F";
  for (let index = 0; index < rule.conditions.length; index++) {
    const condition = rule.conditions[index];
    if (condition === undefined) continue;
    const one = conditionVerdict(condition, index, since, observed);
    if (one === "U") return "U";
    if (one === "P") verdict = "P";
  }
  return verdict;
}

/** One condition as of the newest observation; `index` is its place among the values. */
export function conditionVerdict({ kind, windowMs }: JudgedCondition, index: number, since: number, observed: Observed): Verdict {
  if (kind === "newest") return verdictOf(observed.newest.values[index]);
  const end = observed.newest.last + STEP_MS;
  const start = end - windowMs;
  if (since > start) return "U";
  const { covered, failed } = shareOf(observed, index, start, end);
  if (10 * covered < 9 * windowMs) return "U";
  return kind === "offline" ? offlineVerdict(windowMs, covered, failed) : windowVerdict(windowMs, covered, failed);
}

/** Over 70 % of the time, or, whatever happened while nothing was known, not. */
function windowVerdict(windowMs: number, covered: number, failed: number): Verdict {
  if (10 * failed > 7 * windowMs) return "F";
  return 10 * (failed + windowMs - covered) <= 7 * windowMs ? "P" : "U";
}

/** Away all the time but for less than one look; there at one whole look. */
function offlineVerdict(windowMs: number, covered: number, failed: number): Verdict {
  if (covered - failed >= STEP_MS) return "P";
  return failed >= windowMs - STEP_MS && covered >= windowMs - STEP_MS ? "F" : "U";
}

function verdictOf(letter: string | undefined): Verdict {
  return letter === "P" || letter === "F" ? letter : "U";
}
