import fc from "fast-check";
import { expect, test } from "vitest";
import { NOTHING_AROUND } from "./around.ts";
import { pointsJson } from "./points-json.ts";

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

test("any points are written as JSON writes them between any texts, those without a value left out, in whatever memory there is", () => {
  fc.assert(
    fc.property(
      fc.array(point, { maxLength: 60 }),
      fc.record({ head: fc.string({ unit: "grapheme" }), tail: fc.string({ unit: "grapheme" }) }),
      fc.option(fc.nat(8_192), { nil: undefined }),
      (points, around, room) => {
        const bytes = pointsJson(
          Float64Array.from(points, ({ ts }) => ts),
          Float64Array.from(points, ({ value }) => value),
          around,
          room === undefined ? undefined : new Uint8Array(room).fill(0x2a).buffer,
        );
        const list = JSON.stringify(points.filter(({ value }) => !Number.isNaN(value)));
        expect(Buffer.from(bytes).toString()).toBe(`${around.head}${list}${around.tail}`);
      },
    ),
    { numRuns: 500 },
  );
});

test("memory that is large enough is what is written into", () => {
  const memory = new ArrayBuffer(4_096);
  const bytes = pointsJson(Float64Array.of(30_000), Float64Array.of(1), NOTHING_AROUND, memory);
  expect(bytes.buffer).toBe(memory);
  expect(Buffer.from(bytes).toString()).toBe('[{"ts":30000,"value":1}]');
});
