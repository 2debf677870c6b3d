import { expect, test } from "vitest";
import { barsOf } from "./bars.ts";

const HOUR = 3_600_000;
const nothing = { unbooked: { in: 0n, out: 0n }, corrections: () => ({ in: 0n, out: 0n }) };
const hour = (at: number, bytes: number) => ({ from: at * HOUR, in: bytes, out: bytes * 2 });

test("hours go to the stretch that they lie in, and a stretch without any is nothing", () => {
  const bars = barsOf([0, 2 * HOUR, 4 * HOUR], [hour(0, 1), hour(1, 10), hour(4, 100)], nothing, 5 * HOUR);
  expect(bars).toEqual([
    { from: 0, in: 11, out: 22 },
    { from: 2 * HOUR, in: 0, out: 0 },
    { from: 4 * HOUR, in: 100, out: 200 },
  ]);
});

test("what lies before the first stretch is not in it", () => {
  expect(barsOf([2 * HOUR], [hour(1, 5), hour(2, 7)], nothing, 3 * HOUR)).toEqual([{ from: 2 * HOUR, in: 7, out: 14 }]);
});

test("what is not booked yet belongs to the last, and what people entered to its time, which never comes to less than nothing", () => {
  const beside = {
    unbooked: { in: 3n, out: 4n },
    corrections: (from: number, until: number) => (from === 0 ? { in: -50n, out: BigInt(until) } : { in: 0n, out: 0n }),
  };
  expect(barsOf([0, HOUR], [hour(0, 10), hour(1, 1)], beside, 2 * HOUR)).toEqual([
    { from: 0, in: 0, out: 20 + HOUR - 1 },
    { from: HOUR, in: 4, out: 6 },
  ]);
});
