import { expect, test } from "vitest";
import { within } from "./within.ts";

/** Timers that go off when the test says so. */
function manual() {
  const running = new Set<() => void>();
  return {
    running,
    after: (_ms: number, run: () => void) => {
      running.add(run);
      return () => void running.delete(run);
    },
  };
}

test("what comes in time is there, and what fails in time fails; no timer is left", async () => {
  const timers = manual();
  expect(await within(1_000, Promise.resolve("part"), timers)).toBe("part");
  await expect(within(1_000, Promise.reject(new Error("gone")), timers)).rejects.toThrow("gone");
  expect(timers.running.size).toBe(0);
});

test("what takes longer is not waited for, whatever becomes of it", async () => {
  const timers = manual();
  const slow = Promise.withResolvers<string>();
  const waited = within(1_000, slow.promise, timers);
  for (const run of timers.running) run();
  expect(await waited).toBeUndefined();
  slow.reject(new Error("too late"));
  expect(await waited).toBeUndefined();
});
