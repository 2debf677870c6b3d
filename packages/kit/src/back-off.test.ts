import { expect, test } from "vitest";
import { createBackOff } from "./index.ts";

test("the longest wait doubles up to the limit and starts over after a success", () => {
  const backOff = createBackOff({ baseMs: 1_000, maxMs: 5_000, random: () => 0.999_999 });
  expect([backOff.next(), backOff.next(), backOff.next(), backOff.next(), backOff.next()]).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(backOff.attempts).toBe(5);
  backOff.reset();
  expect(backOff.next()).toBe(1_000);
});

test("the wait is anything from nothing to the longest", () => {
  expect(createBackOff({ baseMs: 1_000, maxMs: 5_000, random: () => 0 }).next()).toBe(0);
  expect(createBackOff({ baseMs: 1_000, maxMs: 5_000, random: () => 0.5 }).next()).toBe(500);
});

test("it goes on for ever", () => {
  const backOff = createBackOff({ baseMs: 1, maxMs: 60_000, random: () => 0.999_999 });
  const waits = Array.from({ length: 2_000 }, () => backOff.next());
  expect(Math.max(...waits)).toBe(60_000);
});
