import fc from "fast-check";
import { expect, test } from "vitest";
import { STANDS_MS, step } from "./engine.ts";
import type { JudgedCondition, JudgedRule, Observation, Pair } from "./engine.ts";
import { caughtUp, heardOf, isSteady } from "./steady.ts";
import type { Heard } from "./steady.ts";

const condition = fc.constantFrom<JudgedCondition>(
  { kind: "window", windowMs: 9_000 },
  { kind: "window", windowMs: 30_000 },
  { kind: "offline", windowMs: 12_000 },
  { kind: "newest", windowMs: 0 },
);
/** Seldom another value, seldom a gap, seldom a report that was seen already. */
const look = fc.record({
  afterMs: fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(0, 1_000, 3_000, STANDS_MS) },
    { weight: 1, arbitrary: fc.constantFrom(STANDS_MS + 1, 40_000) },
  ),
  isAgain: fc.constantFrom(false, false, false, false, false, false, true),
  letter: fc.oneof(
    { weight: 20, arbitrary: fc.constant("P") },
    { weight: 2, arbitrary: fc.constant("F") },
    { weight: 1, arbitrary: fc.constant("U") },
  ),
});

test("what is left out because nothing changes would have changed nothing, and the pair catches up", () => {
  let leftOut = 0;
  fc.assert(
    fc.property(
      fc.array(condition, { minLength: 1, maxLength: 3 }),
      fc.array(look, { minLength: 40, maxLength: 80 }),
      (conditions, looks) => {
        const rule: JudgedRule = { conditions, longestMs: Math.max(...conditions.map(({ windowMs }) => windowMs)), standsMs: STANDS_MS };
        let at = 0;
        let seq = 0;
        let whole: Pair | undefined;
        let pair: Pair | undefined;
        let heard: Heard = { heardAt: 0, heardSeq: 0, steadyUntil: 0 };
        for (const { afterMs, isAgain, letter } of looks) {
          at += afterMs;
          if (!isAgain) seq++;
          const observation: Observation = { at, seq, values: letter.repeat(conditions.length) };
          const stepped = step(rule, whole, observation);
          whole = stepped.pair;
          if (pair && isSteady(rule, pair, heard, observation)) {
            leftOut++;
            expect(stepped.effects).toEqual([]);
            heard = { heardAt: at, heardSeq: seq, steadyUntil: heard.steadyUntil };
            continue;
          }
          const late = step(rule, pair && caughtUp(pair, heard), observation);
          expect(late).toEqual(stepped);
          pair = late.pair;
          heard = heardOf(rule, pair);
        }
        if (pair) expect(caughtUp(pair, heard).phase).toBe(whole?.phase);
      },
    ),
  );
  expect(leftOut).toBeGreaterThan(100);
});
