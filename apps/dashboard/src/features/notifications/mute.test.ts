import { expect, test } from "vitest";
import { createMute } from "./mute.ts";

const MINUTE = 60_000;

test("a lasting event is told at doubled distances, and at once again after it was cleared", () => {
  let now = 0;
  const mute = createMute({ now: () => now });
  const told: number[] = [];
  for (; now <= 240 * MINUTE; now += MINUTE) if (mute.admit(1, "down")) told.push(now / MINUTE);
  expect(told).toEqual([0, 16, 47, 108, 229]);
  mute.clear(1, "down");
  expect(mute.admit(1, "down")).toBe(true);
});

test("groups and labels do not mute each other; an event that rested is new", () => {
  let now = 0;
  const mute = createMute({ now: () => now });
  expect([mute.admit(1, "a"), mute.admit(2, "a"), mute.admit(1, "b"), mute.admit(1, "a")]).toEqual([true, true, true, false]);
  now = 26 * MINUTE;
  expect(mute.admit(1, "a")).toBe(true);
  now += 14 * MINUTE;
  expect(mute.admit(1, "a")).toBe(false);
  now += 2 * MINUTE;
  expect(mute.admit(1, "a")).toBe(true);
});
