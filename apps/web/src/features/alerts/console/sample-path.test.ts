import { expect, test } from "vitest";
import { nearestSample, samplePath, sampleScale, spanOf } from "./sample-path.ts";

test("the scale holds values and limits, and the line is cut where samples are missing", () => {
  const points = [
    { ts: 0, value: 0 },
    { ts: 10, value: 50 },
    { ts: 100, value: 100 },
  ];
  const scale = sampleScale({ points, max: 200 }, 0, 100, 1000, 110);
  expect([scale.x(50), scale.x(-5), scale.x(500), scale.y(220), scale.y(0)]).toEqual([500, 0, 1000, 0, 110]);
  expect(samplePath(points, scale, 10)).toBe("M0 110L100 85M1000 60");
});

test("values that are all 0 lie on the ground", () => {
  expect(sampleScale({ points: [{ ts: 0, value: 0 }] }, 0, 1, 10, 10).y(0)).toBe(10);
});

test("the nearest sample is found, also beyond the ends", () => {
  const points = [0, 10, 100].map((ts) => ({ ts, value: ts }));
  expect([-5, 4, 6, 54, 56, 500].map((at) => nearestSample(points, at))).toEqual([0, 0, 1, 1, 2, 2]);
});

test("samples lie between their least and their most", () => {
  expect(spanOf([1, 2, 6].map((value) => ({ ts: 0, value })))).toEqual({ least: 1, mean: 3, most: 6 });
});
