import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./index.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("timers run, and those that are cancelled do not", () => {
  let ran = 0;
  let cancelled = 0;
  systemClock.setTimeout(() => ran++, 1);
  systemClock.setTimeout(() => cancelled++, 0).cancel();
  const interval = systemClock.setInterval(() => cancelled++, 0);
  interval.cancel();
  vi.advanceTimersByTime(1);
  expect([ran, cancelled]).toEqual([1, 0]);
});

test("a delay longer than the runtime can hold does not fire at once", () => {
  let fired = 0;
  const timer = systemClock.setTimeout(() => fired++, 1e12).unref();
  vi.advanceTimersByTime(2);
  timer.cancel();
  expect(fired).toBe(0);
});

test("the monotonic time does not go back", () => {
  vi.useRealTimers();
  const before = systemClock.monotonic();
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
});
