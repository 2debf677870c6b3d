import { expect, test } from "vitest";
import { keptFrom, stretchesOf } from "./stretches.ts";
import type { Stretch } from "./stretches.ts";

const DAY = 86_400_000;
const NOW = 100 * DAY + 5_000_000;
const shown = ({ from, to, step }: Stretch): [number, number, number] => [from / DAY, (to + 1) / DAY, step];

test("half minutes go day by day up to the end of today, what they were rolled up to goes 32 days at once", () => {
  const stretches = [...stretchesOf({ oldest: 30 * DAY, pointsFrom: 97 * DAY, now: NOW })];
  expect(stretches.map(shown)).toEqual([
    [30, 62, 300_000],
    [62, 94, 300_000],
    [94, 97, 300_000],
    [97, 98, 30_000],
    [98, 99, 30_000],
    [99, 100, 30_000],
    [100, 101, 30_000],
  ]);
});

test("where nothing was rolled up, and where nothing is sealed yet, half minutes are all there is", () => {
  expect([...stretchesOf({ oldest: 99 * DAY, pointsFrom: 0, now: NOW })].map(shown)).toEqual([
    [99, 100, 30_000],
    [100, 101, 30_000],
  ]);
  expect([...stretchesOf({ oldest: NOW, pointsFrom: 0, now: NOW })].map(shown)).toEqual([[100, 101, 30_000]]);
});

test("days in which a place lets points go while they come are left out", () => {
  expect([keptFrom(NOW, undefined), keptFrom(NOW, 30), keptFrom(NOW, 36_500)]).toEqual([0, 72 * DAY, 0]);
});
