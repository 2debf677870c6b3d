import { expect, test } from "vitest";
import { sparkRuns } from "./sparkline.tsx";

test("a fixed top is where the drawing ends, whatever the values are", () => {
  expect(sparkRuns([0, 50, 100, 150], 100).map(({ line }) => line)).toEqual(["M0.0 22.0L32.0 12.0L64.0 2.0L96.0 2.0"]);
  expect(sparkRuns([0, 10], 0)[0]?.line).toMatch(/^M0.0 22.0L96.0 4.\d$/);
});

test("a gap parts the line; a point alone is a short line inside the drawing", () => {
  const gap = Number.NaN;
  expect(sparkRuns([gap, 1, 1, gap, 1, gap, 1], 1)).toEqual([
    { from: "16.0", line: "M16.0 2.0L32.0 2.0" },
    { from: "64.0", line: "M64.0 2.0h1" },
    { from: "96.0", line: "M96.0 2.0h-1" },
  ]);
  expect(sparkRuns([gap, gap])).toEqual([]);
});
