import fc from "fast-check";
import { expect, test } from "vitest";
import { STANDS_MS, STEP_MS, step } from "./engine.ts";
import type { JudgedRule, Pair } from "./engine.ts";
import { createPresence } from "./presence.ts";
import { caughtUp, heardOf, isSteady } from "./steady.ts";
import type { Heard } from "./steady.ts";

/** The clock of a real process has parts of milliseconds. */
const start = fc.double({ min: 0, max: 1e9, noNaN: true });
const late = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { minLength: 30, maxLength: 30 });
const windows = fc.constantFrom(3_000, 9_000, 30_000);
const clockAt = (at: number) => {
  const clock = { at, monotonic: () => clock.at };
  return clock;
};

test("a server that is away from the first look on fails as soon as its window is full, whenever the process was started", () => {
  fc.assert(
    fc.property(start, late, windows, (startedAt, delays, windowMs) => {
      const clock = clockAt(startedAt);
      const presence = createPresence(clock);
      const rule: JudgedRule = { conditions: [{ kind: "offline", windowMs }], longestMs: windowMs, standsMs: STANDS_MS };
      let pair: Pair | undefined;
      let heard: Heard = { heardAt: 0, heardSeq: 0, steadyUntil: 0 };
      let looks = 0;
      while (pair?.phase !== "failed") {
        clock.at = startedAt + looks * STEP_MS + (delays[looks] ?? 0);
        const observation = { at: presence.nominal(clock.monotonic()), values: "F" };
        looks++;
        if (pair && isSteady(rule, pair, heard, observation)) {
          heard = { heardAt: observation.at, heardSeq: heard.heardSeq, steadyUntil: heard.steadyUntil };
          if (looks > delays.length) break;
          continue;
        }
        pair = step(rule, pair && caughtUp(pair, heard), observation).pair;
        heard = heardOf(rule, pair);
      }
      expect(looks).toBe(windowMs / STEP_MS);
    }),
  );
});

test("reports have whole times", () => {
  fc.assert(
    fc.property(start, (at) => {
      expect(Number.isInteger(createPresence(clockAt(at)).reported(1).at)).toBe(true);
    }),
  );
});
