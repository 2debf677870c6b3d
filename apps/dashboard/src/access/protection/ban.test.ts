import fc from "fast-check";
import { expect, test } from "vitest";
import { banEnd } from "./ban.ts";

test.each([
  [1, 3],
  [2, 16],
  [3, 81],
  [4, 256],
  [5, 625],
  [6, 1296],
  [8, 4096],
  [10, 10_000],
])("%i strikes block for %i s", (count, seconds) => {
  expect(banEnd([{ reason: 1, timestamp: 1_000, count }])).toBe(1_000 + seconds);
});

test("a manual block never ends", () => {
  expect(banEnd([{ reason: 4, timestamp: 1_000, count: 99_999 }])).toBeGreaterThan(2 ** 63);
});

test("the newest strike counts, and the sum of all counts", () => {
  const rows = fc.array(fc.record({ reason: fc.constant(1), timestamp: fc.nat(), count: fc.integer({ min: 1, max: 100 }) }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(rows, (list) => {
      const total = list.reduce((sum, row) => sum + row.count, 0);
      const newest = Math.max(...list.map((row) => row.timestamp));
      expect(banEnd(list)).toBe(banEnd([{ reason: 1, timestamp: newest, count: total }]));
      expect(banEnd(list)).toBeGreaterThanOrEqual(newest + 3);
    }),
  );
});
