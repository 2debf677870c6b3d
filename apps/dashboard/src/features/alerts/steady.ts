import { STEP_MS } from "./engine.ts";
import type { JudgedRule, Observation, Pair } from "./engine.ts";

/** What was observed of a pair beyond what the pair itself says. */
export interface Heard {
  /** When it was observed last, and by which report. */
  readonly heardAt: number;
  readonly heardSeq: number;
  /** Before that time the same values say the same. */
  readonly steadyUntil: number;
}

/** A pair as `step` has left it. */
export function heardOf(rule: JudgedRule, pair: Pair): Heard {
  return { heardAt: pair.observed.newest.last, heardSeq: pair.seen, steadyUntil: steadyUntil(rule, pair) };
}

/**
 * Whether `step` would change nothing but when the pair was observed last. Of most reports that is true, and a new pair for each of them
 * would be most of what judging costs: all of them live until the next report, and the collector of garbage moves every one.
 */
export function isSteady(rule: JudgedRule, pair: Pair, heard: Heard, { at, seq, values }: Observation): boolean {
  return (
    at < heard.steadyUntil &&
    values === pair.observed.newest.values &&
    (seq === undefined || seq > heard.heardSeq) &&
    at >= heard.heardAt &&
    at <= heard.heardAt + rule.standsMs
  );
}

/** The pair as `step` would have left it. */
export function caughtUp(pair: Pair, { heardAt, heardSeq }: Heard): Pair {
  const { newest } = pair.observed;
  if (newest.last === heardAt && pair.seen === heardSeq) return pair;
  return { ...pair, seen: heardSeq, observed: { ...pair.observed, newest: { ...newest, last: heardAt } } };
}

/** While one run is all that is known, verdicts change only when it comes to fill a window. */
function steadyUntil({ conditions, longestMs }: JudgedRule, { observed, since }: Pair): number {
  const { cells, newest, runs } = observed;
  if (runs.length + cells.length > 0) return Number.NEGATIVE_INFINITY;
  if (newest.from + longestMs <= newest.last + STEP_MS) return Number.POSITIVE_INFINITY;
  if (newest.from !== since) return Number.NEGATIVE_INFINITY;
  const filled = conditions.map(({ windowMs }) => since + windowMs - STEP_MS).filter((at) => at > newest.last);
  return Math.min(...filled);
}
