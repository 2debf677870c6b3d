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

test("a clock that is set back does not hold an event back for as long as it was ahead", () => {
  const entry = afterTelling(undefined, 1_000 * MINUTE);
  expect([isMuted(entry, 0), isMuted(entry, 998 * MINUTE)]).toEqual([false, false]);
  expect([isMuted(entry, 999 * MINUTE), isMuted(entry, 1_000 * MINUTE - 5)]).toEqual([true, true]);
  const again = afterTelling(entry, 0);
  expect([again.wait, again.until]).toEqual([30 * MINUTE, 30 * MINUTE]);
  expect([isMuted(again, 1), isMuted(again, 31 * MINUTE)]).toEqual([true, false]);
});
