import { step, STEP_MS } from "../engine.ts";
import type { JudgedRule, Pair } from "../engine.ts";

/** Time that a stored point stands for, milliseconds. */
export const POINT_MS = 30_000;

/** A time in which the rule would have failed; Unix milliseconds. */
export interface Firing {
  readonly from: number;
  /** `undefined`: it fails still. */
  to: number | undefined;
}

/** Plays stored points to a rule, oldest first, as reports would have been. */
export class Replay {
  readonly firings: Firing[] = [];
  /** Points in which there was a verdict. */
  known = 0;
  readonly #rule: JudgedRule;
  #pair: Pair | undefined;

  constructor(rule: JudgedRule) {
    this.#rule = { ...rule, standsMs: POINT_MS };
  }

  /** The point that begins at `at`; one letter for each condition. It says the same from its beginning to its end. */
  point(at: number, values: string): void {
    this.#observe(at, values);
    if (this.#observe(at + POINT_MS - STEP_MS, values) !== "U") this.known++;
  }

  /** From `at` on nothing is stored. */
  gap(at: number): void {
    this.#observe(at, "U".repeat(this.#rule.conditions.length));
  }

  #observe(at: number, values: string) {
    const { pair, verdict, effects } = step(this.#rule, this.#pair, { at, values });
    this.#pair = pair;
    const last = this.firings.at(-1);
    if (effects.includes("raise")) this.firings.push({ from: at + STEP_MS, to: undefined });
    if (effects.includes("clear") && last) last.to = at + STEP_MS;
    return verdict;
  }
}
