import { expect, test } from "vitest";
import { createFakeClock } from "./index.ts";

test("timers fire at their own moments, in order, also those that are set on the way", () => {
  const clock = createFakeClock(0);
  const events: string[] = [];
  clock.setTimeout(() => {
    events.push(`late ${clock.now()}`);
  }, 300);
  clock.setTimeout(() => {
    events.push(`early ${clock.now()}`);
    clock.setTimeout(() => events.push(`nested ${clock.now()}`), 50);
  }, 100);
  const interval = clock.setInterval(() => events.push(`tick ${clock.now()}`), 120);
  clock.advance(299);
  interval.cancel();
  clock.advance(1);
  expect(events).toEqual(["early 100", "tick 120", "nested 150", "tick 240", "late 300"]);
  expect(clock.pending).toBe(0);
});

test("a jump moves the wall clock alone", () => {
  const clock = createFakeClock(1_000);
  const before = clock.monotonic();
  let fired = 0;
  clock.setTimeout(() => fired++, 10);
  clock.jump(-500);
  expect([clock.now(), clock.monotonic(), fired]).toEqual([500, before, 0]);
  clock.advance(10);
  expect([clock.now(), clock.monotonic(), fired]).toEqual([510, before + 10, 1]);
});

test("promises settle between timers when they are asked to", async () => {
  const clock = createFakeClock(0);
  const events: string[] = [];
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void clock.setTimeout(resolve, ms));
  const walk = (async () => {
    await sleep(10);
    events.push("one");
    await sleep(10);
    events.push("two");
  })();
  await clock.advanceAsync(20);
  expect(events).toEqual(["one", "two"]);
  await walk;
});
