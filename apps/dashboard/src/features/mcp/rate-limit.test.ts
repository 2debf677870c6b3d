import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

const open = () => {
  const clock = createFakeClock();
  const limit = createRateLimit({ clock });
  const take = (count: number, token = 1): number =>
    Array.from({ length: count }, () => limit.take(token)).filter((wait) => wait === 0).length;
  return { clock, limit, take };
};

test("ten a second, counted from the first; what is refused does not count", () => {
  const { clock, limit, take } = open();
  expect(take(25)).toBe(10);
  expect(limit.take(1)).toBe(1);
  clock.advance(999);
  expect(take(1)).toBe(0);
  clock.advance(1);
  expect(take(25)).toBe(10);
});

test("a hundred and twenty a minute; the wait is told", () => {
  const { clock, limit, take } = open();
  for (let second = 0; second < 12; second++) {
    expect(take(10)).toBe(10);
    clock.advance(1_000);
  }
  expect(limit.take(1)).toBe(48);
  clock.advance(48_000);
  expect(take(11)).toBe(10);
});

test("tokens have budgets of their own, and idle ones are forgotten", () => {
  const { clock, limit, take } = open();
  take(10, 1);
  expect(take(10, 2)).toBe(10);
  expect(limit.size).toBe(2);
  clock.advance(60_000);
  take(1, 3);
  expect(limit.size).toBe(1);
});

test("what is shared is one budget: what one dashboard allows the other counts", () => {
  const clock = createFakeClock();
  const hearing: ((key: string, requests: number) => void)[] = [];
  const [one, other] = [0, 1].map((place) =>
    createRateLimit({
      clock,
      share: (hear) => {
        hearing[place] = hear;
        return (key, requests) => hearing[1 - place]?.(key, requests);
      },
    }),
  );
  const taken = Array.from({ length: 30 }, (_none, turn) => (turn % 3 === 0 ? one : other)?.take(1));
  expect(taken.filter((wait) => wait === 0)).toHaveLength(10);
  clock.advance(1_000);
  expect([one?.take(1), other?.take(2)]).toEqual([0, 0]);
  for (const key of ["", "x", "-1.5"]) hearing[0]?.(key, 1);
  hearing[0]?.("1", -5);
  expect(Array.from({ length: 12 }, () => one?.take(1)).filter((wait) => wait === 0)).toHaveLength(9);
});

test("tokens that only other dashboards see are forgotten as well", () => {
  const clock = createFakeClock();
  let hear: (key: string, requests: number) => void = () => undefined;
  const limit = createRateLimit({ clock, share: (hearing) => ((hear = hearing), () => undefined) });
  for (const token of ["1", "2", "3"]) hear(token, 1);
  clock.advance(60_000);
  hear("4", 1);
  expect(limit.size).toBe(1);
});
