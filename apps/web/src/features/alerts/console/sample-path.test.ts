import { expect, test } from "vitest";
import { samplePath, sampleScale } from "./sample-path.ts";

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
