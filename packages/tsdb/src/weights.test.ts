import { expect, test } from "vitest";
import { emptyRows } from "./codec/rows.ts";
import type { Rows } from "./codec/rows.ts";
import { createBuckets } from "./query/buckets.ts";
import { rollRows } from "./upkeep/rollup.ts";

const NONE = Number.NaN;

/** Rows of one slot after the other: samples, successes, and the mean delay of these. */
function probes(...list: readonly (readonly [samples: number, up: number, delay: number])[]): Rows {
  const rows = emptyRows(list.length, 2);
  for (const [row, [samples, up, delay]] of list.entries()) {
    rows.slots[row] = row;
    rows.counts[row] = samples;
    (rows.columns[0] as Float64Array)[row] = delay;
    (rows.columns[1] as Float64Array)[row] = up;
  }
  return rows;
}
const TABLE: [string, Rows, number][] = [
  ["each success counts once", probes([10, 1, 100], [10, 9, 10]), 19],
  ["a row of failures does not count", probes([4, 4, 10], [4, 0, NONE], [4, 4, 20]), 15],
  ["nothing succeeded", probes([4, 0, NONE], [2, 0, NONE]), NONE],
  ["without counts all samples are", probes([1, NONE, 10], [3, NONE, 20]), 17.5],
];

test.each(TABLE)("rolled up: %s", (_, rows, mean) => {
  const [delay] = rollRows(rows, 10, [{ source: 0, stat: "avg", fold: "mean", weight: 1 }]).columns;
  expect(delay?.[0]).toBe(mean);
});

test.each(TABLE)("asked for, in either order: %s", (_, rows, mean) => {
  const [delays, ups] = rows.columns as [Float64Array, Float64Array];
  const asked = (weight: 0 | 1) => {
    const wanted = [{ stat: "avg", fold: "mean", weight } as const, { stat: "sum", fold: "sum" } as const];
    const buckets = createBuckets({ from: 0, to: 99, step: 100 }, weight === 1 ? wanted : wanted.toReversed());
    for (const [index, values] of (weight === 1 ? [delays, ups] : [ups, delays]).entries())
      buckets.fold(index, rows, values, { slotMs: 10, samples: true });
    return buckets.points().columns[weight === 1 ? 0 : 1]?.[0];
  };
  expect(asked(1)).toBe(mean);
  expect(asked(0)).toBe(mean);
});

test("several sources are weighed each by its own counts", () => {
  const buckets = createBuckets({ from: 0, to: 99, step: 100 }, [
    { stat: "avg", fold: "mean", weight: 1 },
    { stat: "sum", fold: "sum" },
  ]);
  for (const rows of [probes([8, 1, 100]), probes([2, 2, 10])])
    for (const [index, values] of rows.columns.entries()) buckets.fold(index, rows, values, { slotMs: 10, samples: true });
  expect(buckets.points().columns.map(([value]) => value)).toEqual([40, 3]);
});

test("a mean without a column that weighs it passes over rows without a value", () => {
  const rows = probes([1, 1, 10], [5, 0, NONE], [1, 1, 20]);
  expect(rollRows(rows, 10, [{ source: 0, stat: "avg", fold: "mean" }]).columns[0]?.[0]).toBe(15);
});
