import fc from "fast-check";
import { expect, test } from "vitest";
import { createPointsJson } from "./points-json.ts";

const LATEST = 2 ** 31 * 30_000;
const point = fc.record({
  ts: fc.oneof(fc.integer({ min: 0, max: LATEST }), fc.integer({ min: 1_764_000_000_000, max: 1_767_000_000_000 })),
  value: fc.oneof(
    fc.constant(Number.NaN),
    fc.double({ noDefaultInfinity: true }),
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    fc.integer({ min: 0, max: 10_000 }).map((value) => value / 100),
    fc.tuple(fc.maxSafeInteger(), fc.nat(9)).map(([value, decimals]) => value / 10 ** decimals),
    fc.tuple(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), fc.nat(9)).map(([value, decimals]) => value / 10 ** decimals),
  ),
});

test("any points are written as JSON writes them, those without a value left out, one list after another", () => {
  const pointsJson = createPointsJson();
  fc.assert(
    fc.property(fc.array(point, { maxLength: 60 }), (points) => {
      const text = Buffer.from(
        pointsJson(
          Float64Array.from(points, ({ ts }) => ts),
          Float64Array.from(points, ({ value }) => value),
        ),
      );
      expect(String(text)).toBe(JSON.stringify(points.filter(({ value }) => !Number.isNaN(value))));
    }),
    { numRuns: 500 },
  );
});

test("what was given out stays as it was", () => {
  const pointsJson = createPointsJson();
  const first = pointsJson(Float64Array.of(30_000), Float64Array.of(1));
  pointsJson(Float64Array.of(60_000), Float64Array.of(2));
  expect(Buffer.from(first).toString()).toBe('[{"ts":30000,"value":1}]');
});
