import { expect, test } from "vitest";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { createGuessThrottle } from "./guess-throttle.ts";
import type { GuessThrottle } from "./guess-throttle.ts";

function throttleAt(): { clock: FakeClock; throttle: GuessThrottle } {
  const clock = createFakeClock();
  return { clock, throttle: createGuessThrottle({ clock }) };
}

const succeed = (state: ReturnType<typeof throttleAt>, key: string): boolean => {
  const attempt = state.throttle.attempt(key);
  if (attempt.allowed) attempt.succeeded();
  return attempt.allowed;
};

test("whoever is right a thousand times is never stopped", () => {
  const state = throttleAt();
  for (let i = 0; i < 1_000; i++) expect(succeed(state, "a")).toBe(true);
});

test("20 failures at once, then one every 6 s, and a right password passes in its turn", () => {
  const state = throttleAt();
  for (let i = 0; i < 20; i++) expect(state.throttle.attempt("a").allowed).toBe(true);
  expect(state.throttle.attempt("a")).toEqual({ allowed: false, waitSeconds: 6 });
  state.clock.advance(5_000);
  expect(state.throttle.attempt("a")).toEqual({ allowed: false, waitSeconds: 1 });
  state.clock.advance(1_000);
  expect(succeed(state, "a")).toBe(true);
  expect(state.throttle.attempt("a").allowed).toBe(true);
  expect(state.throttle.attempt("a").allowed).toBe(false);
  expect(state.throttle.refused).toBe(3);
});

test("keys do not disturb each other; a wall clock that jumps changes nothing", () => {
  const state = throttleAt();
  for (let i = 0; i < 21; i++) state.throttle.attempt("a");
  expect(succeed(state, "b")).toBe(true);
  state.clock.jump(-3_600_000);
  expect(succeed(state, "b")).toBe(true);
  expect(succeed(state, "a")).toBe(false);
  state.clock.advance(6_000);
  expect(succeed(state, "a")).toBe(true);
});

test("what is shared is counted together: attempts and successes of one are the other's too, and nobody's are told on", () => {
  const clock = createFakeClock();
  const hearing: ((key: string, amount: number) => void)[] = [];
  const throttles = [0, 1].map((place) =>
    createGuessThrottle({
      clock,
      burst: 3,
      refillMs: 1_000,
      share: (hear) => {
        hearing[place] = hear;
        return (key, amount) => hearing[1 - place]?.(key, amount);
      },
    }),
  );
  const at = (place: number) => throttles[place]?.attempt("a") ?? expect.unreachable("there are two");
  const right = at(0);
  expect([at(1).allowed, at(0).allowed, at(1).allowed, at(0).allowed]).toEqual([true, true, false, false]);
  if (right.allowed) right.succeeded();
  expect([at(1).allowed, at(0).allowed]).toEqual([true, false]);
  clock.advance(1_000);
  expect([at(0).allowed, at(1).allowed]).toEqual([true, false]);
});

test("only 10 000 keys are remembered; the one touched longest ago goes", () => {
  const state = throttleAt();
  for (let i = 0; i < 20; i++) state.throttle.attempt("a");
  for (let i = 0; i < 9_999; i++) state.throttle.attempt(`key ${i}`);
  expect(state.throttle.attempt("a").allowed).toBe(false);
  for (let i = 0; i < 10_000; i++) state.throttle.attempt(`other ${i}`);
  expect(state.throttle.attempt("a").allowed).toBe(true);
});
