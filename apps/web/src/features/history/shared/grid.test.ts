import fc from "fast-check";
import { expect, test } from "vitest";
import { answeredProbes, summarise, toGrid, usualStep } from "./grid.ts";

const points = (...pairs: [number, number][]) => pairs.map(([at, value]) => ({ at, value }));

test("series share one row of times", () => {
  const grid = toGrid([points([0, 1], [10, 2]), points([10, 5], [20, 6])], 10);
  expect(grid.times).toEqual([0, 10, 20]);
  expect(grid.columns).toEqual([
    [1, 2, undefined],
    [null, 5, 6],
  ]);
  expect(grid.gaps).toEqual([]);
});

test("a long hole cuts the line and is told", () => {
  const grid = toGrid([points([0, 1], [10, 2], [100, 3])], 10);
  expect(grid.gaps).toEqual([[10, 100]]);
  expect(grid.times).toEqual([0, 10, 55, 100]);
  expect(grid.columns).toEqual([[1, 2, null, 3]]);
});

test("a series that ends early is cut, not drawn on", () => {
  const grid = toGrid([points([0, 1]), points([0, 1], [20, 1], [40, 1], [60, 1])], 10);
  expect(grid.columns[0]).toEqual([1, undefined, undefined, null]);
});

test("every value is at its time", () => {
  const series = fc.array(fc.array(fc.record({ at: fc.nat(5000), value: fc.nat() }), { maxLength: 50 }), { maxLength: 4 });
  fc.assert(
    fc.property(series, (given) => {
      const grid = toGrid(given, 10);
      given.forEach((list, i) => {
        for (const point of new Map(list.map((entry) => [entry.at, entry])).values()) {
          expect(grid.columns[i]?.[grid.times.indexOf(point.at)]).toBe(point.value);
        }
      });
      expect([...grid.times]).toEqual(grid.times.toSorted((a, b) => a - b));
    }),
  );
});

test("the usual step does not look at gaps", () => {
  expect(usualStep(points([0, 1], [30, 1], [60, 1], [9000, 1]), 5)).toBe(30);
  expect(usualStep(points([0, 1]), 5)).toBe(5);
});

test("a summary of nothing is unknown", () => {
  expect(answeredProbes([10, 20, 30], [5, 0, 7])).toEqual({ points: points([10, 5], [30, 7]), latest: 7 });
  expect(answeredProbes([10, 20], [5, 0])).toEqual({ points: points([10, 5]), latest: undefined });
  expect(answeredProbes([], [])).toEqual({ points: [], latest: undefined });
  expect(summarise([])).toBeUndefined();
  expect(summarise([4, 1, 3, 2])).toEqual({ mean: 2.5, median: 2, p95: 4, least: 1, most: 4, last: 2 });
});
