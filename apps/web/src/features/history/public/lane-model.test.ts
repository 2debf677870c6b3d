import fc from "fast-check";
import { expect, test } from "vitest";
import { lanePath, movedWindow } from "./lane-model.ts";

const range = { from: 1000, to: 2000 };

test.each([
  ["from", 0.5, { from: 1500, to: 2000 }],
  ["to", 0.25, { from: 1000, to: 1250 }],
  ["from", 1, { from: 1980, to: 2000 }],
  ["to", -1, { from: 1000, to: 1020 }],
  ["from", 0, undefined],
] as const)("%s at %d of the range gives %j", (edge, share, expected) => {
  expect(movedWindow(range, range, edge, share)).toEqual(expected);
});

test("a window stays within its range and never turns over", () => {
  const share = fc.double({ min: -2, max: 3, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom("from" as const, "to" as const), share, share, (edge, first, second) => {
      const before = movedWindow(range, range, "from", first) ?? range;
      const after = movedWindow(range, before, edge, second) ?? range;
      expect(after.from).toBeGreaterThanOrEqual(range.from);
      expect(after.to).toBeLessThanOrEqual(range.to);
      expect(after.to - after.from).toBeGreaterThanOrEqual(20);
    }),
  );
});

test("the line is cut where there is no data", () => {
  const grid = { times: [1000, 1250, 1500, 2000], columns: [[1, null, 2, undefined]], gaps: [] };
  expect(lanePath({ ...range, grid })).toBe("M0.0 50.0M500.0 8.0");
});

test("nothing measured draws nothing", () => {
  expect(lanePath({ ...range, grid: { times: [], columns: [[]], gaps: [] } })).toBe("");
});
