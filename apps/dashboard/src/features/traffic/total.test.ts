import fc from "fast-check";
import { expect, test } from "vitest";
import { forecast, totalTraffic } from "./total.ts";

const MOST = 2n ** 64n - 1n;
const counter = fc.oneof(fc.nat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }));

test("a total is what was recorded, what is not yet, and what was entered, within what a counter holds", () => {
  fc.assert(
    fc.property(counter, counter, fc.bigInt({ min: -(2n ** 62n), max: 2n ** 63n }), (recorded, unbooked, entered) => {
      const total = totalTraffic({ in: recorded, out: 0 }, { in: unbooked, out: 0 }, { in: entered, out: -1n });
      const exact = BigInt(recorded) + BigInt(unbooked) + entered;
      expect(BigInt(total.in)).toBe(exact < 0n ? 0n : exact > MOST ? MOST : exact);
      expect(total.out).toBe(0);
    }),
  );
});

const period = { fromMs: 1000, toMs: 2000 };

test.each([
  ["nothing of it has passed", 500, 1000, undefined],
  ["too little of it has passed", 500, 1049, undefined],
  ["a twentieth has passed", 5, 1050, 100],
  ["half of it has passed", 500, 1500, 1000],
  ["nothing was used", 0, 1500, 0],
  ["it is over", 500, 2500, 500],
  ["counters are large", 2n ** 63n, 1500, 2 ** 64],
  ["it has not begun", 500, 0, undefined],
])("a forecast when %s", (_what, used, now, expected) => {
  expect(forecast(used, { ...period, now })).toBe(expected);
});

test("a period without length has no forecast", () => {
  expect(forecast(5, { fromMs: 1000, toMs: 1000, now: 1000 })).toBeUndefined();
});
