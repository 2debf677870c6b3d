import { expect, test } from "vitest";
import { systemClock } from "./index.ts";

test("timers run, and those that are cancelled do not", async () => {
  let cancelled = 0;
  systemClock.setTimeout(() => cancelled++, 0).cancel();
  const interval = systemClock.setInterval(() => cancelled++, 0);
  interval.cancel();
  await new Promise<void>((resolve) => {
    systemClock.setTimeout(resolve, 1);
  });
  expect(cancelled).toBe(0);
});

test("a delay longer than the runtime can hold does not fire at once", async () => {
  let fired = 0;
  const timer = systemClock.setTimeout(() => fired++, 1e12).unref();
  await new Promise<void>((resolve) => {
    systemClock.setTimeout(resolve, 2);
  });
  timer.cancel();
  expect(fired).toBe(0);
});

test("the monotonic time does not go back", () => {
  const before = systemClock.monotonic();
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
});
