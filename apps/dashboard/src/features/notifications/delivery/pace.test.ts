import fc from "fast-check";
import { expect, test } from "vitest";
import { createPace } from "./pace.ts";

test("in no minute does more go out than the limit says, and nothing waits longer than it must", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 100 }), (perMinute, steps) => {
      let now = 0;
      const pace = createPace(() => now);
      const sent: number[] = [];
      for (const step of steps) {
        now += step;
        const recent = sent.filter((time) => time > now - 60_000).length;
        const isHeld = pace.heldUntil(1, perMinute) > now;
        expect(isHeld).toBe(recent >= perMinute);
        if (isHeld) continue;
        pace.sent(1);
        sent.push(now);
      }
    }),
  );
});

test("no limit holds nothing; a service's wish holds its own channel alone, and goes with it", () => {
  const pace = createPace(() => 1_000);
  for (let count = 0; count < 1_000; count++) pace.sent(1);
  expect(pace.heldUntil(1, 0)).toBe(0);
  pace.hold(1, 5_000);
  expect([pace.heldUntil(1, 0), pace.heldUntil(2, 1)]).toEqual([6_000, 0]);
  pace.forget(1);
  expect([pace.heldUntil(1, 1), pace.channels]).toEqual([0, 0]);
});

test("a clock that is set back holds nothing for as long again", () => {
  let now = 8 * 3_600_000;
  const pace = createPace(() => now);
  for (let count = 0; count < 3; count++) pace.sent(1);
  pace.hold(1, 5_000);
  expect(pace.heldUntil(1, 3)).toBe(now + 60_000);
  now = 0;
  expect(pace.heldUntil(1, 3)).toBe(0);
});
