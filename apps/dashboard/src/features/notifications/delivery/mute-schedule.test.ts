import { expect, test } from "vitest";
import { afterTelling, isForgotten, isMuted } from "./mute-schedule.ts";
import type { MuteEntry } from "./mute-schedule.ts";

const MINUTE = 60_000;

test("a lasting event is told at doubled distances up to a day", () => {
  let entry: MuteEntry | undefined;
  const told: number[] = [];
  for (let now = 0; now <= 5 * 24 * 60 * MINUTE; now += MINUTE) {
    if (isMuted(entry, now)) continue;
    entry = afterTelling(entry, now);
    told.push(now / MINUTE);
  }
  expect(told.slice(0, 5)).toEqual([0, 16, 47, 108, 229]);
  expect(told.slice(-2)).toEqual([told.at(-2), (told.at(-2) ?? 0) + 24 * 60 + 1]);
});

test("an event that rested past its wait and ten minutes more is new", () => {
  const entry = afterTelling(undefined, 0);
  expect([isForgotten(entry, 25 * MINUTE), isForgotten(entry, 25 * MINUTE + 1)]).toEqual([false, true]);
  expect(afterTelling(entry, 20 * MINUTE).wait).toBe(30 * MINUTE);
  expect(afterTelling(entry, 26 * MINUTE).wait).toBe(15 * MINUTE);
});
