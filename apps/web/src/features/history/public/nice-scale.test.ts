import fc from "fast-check";
import { expect, test } from "vitest";
import { niceTop, topFor } from "./nice-scale.ts";

test.each([
  [0, 1000, 1],
  [undefined, 1000, 1],
  [3.7, 1000, 4],
  [142, 1000, 200],
  [0.33, 1000, 0.4],
  [900, 1024, 1000],
  [3 * 1024 ** 2, 1024, 4 * 1024 ** 2],
  [30 * 1024 ** 2, 1024, 40 * 1024 ** 2],
] as const)("a highest value of %s in steps of %d ends at %s", (highest, base, top) => {
  expect(niceTop(highest, base)).toBeCloseTo(top);
});

test("the scale holds every value and wastes at most two thirds", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e15, noNaN: true }), fc.constantFrom(1000 as const, 1024 as const), (value, base) => {
      const top = niceTop(value, base);
      expect(top).toBeGreaterThanOrEqual(value);
      if (base === 1000) expect(value / top).toBeGreaterThan(1 / 3);
    }),
  );
});

test.each([
  [100, 40, 100],
  [100, 100, 100],
  [100, 142, 200],
  [undefined, 142, 200],
  [100, null, 100],
  [0, 0, 0],
] as const)("an axis that should end at %s and has values up to %s ends at %s", (known, highest, top) => {
  expect(topFor(known, highest, 1000)).toBe(top);
});
