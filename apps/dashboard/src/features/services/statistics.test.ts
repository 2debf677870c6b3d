import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createCalendar } from "./calendar.ts";
import { createServiceStatistics, DAYS } from "./statistics.ts";

const DAY_MS = 86_400_000;
const TODAY = Date.UTC(2026, 0, 1) / DAY_MS;

function start() {
  const clock = createFakeClock();
  return { clock, statistics: createServiceStatistics({ now: clock.now, calendar: createCalendar("UTC") }) };
}

test("a service nothing is known of has thirty empty days", () => {
  const { days, current } = start().statistics.of(1);
  expect(days).toEqual(Array.from({ length: DAYS }, () => ({ up: 0, down: 0, delay: 0 })));
  expect(current).toMatchObject({ up: 0, down: 0 });
});

test("results count for today; the delay is the mean of the successful ones", () => {
  const { statistics } = start();
  statistics.count(1, { successful: true, delay: 10 });
  statistics.count(1, { successful: false, delay: 0 });
  statistics.count(1, { successful: true, delay: 20 });
  statistics.setCurrent(1, { up: 2, down: 1 });
  expect(statistics.of(1).days.at(-1)).toEqual({ up: 2, down: 1, delay: 15 });
  expect(statistics.of(1).current).toEqual({ up: 2, down: 1 });
  expect(statistics.of(2).days.at(-1)).toEqual({ up: 0, down: 0, delay: 0 });
});

test("midnight moves the days on, also several at a time", () => {
  const { clock, statistics } = start();
  statistics.count(1, { successful: true, delay: 10 });
  statistics.setCurrent(1, { up: 1, down: 0 });
  clock.advance(DAY_MS - 1);
  expect(statistics.of(1).days.at(-1)?.up).toBe(1);
  clock.advance(1);
  expect(statistics.of(1)).toMatchObject({ current: { up: 0, down: 0 } });
  expect(
    statistics
      .of(1)
      .days.slice(-2)
      .map((day) => day.up),
  ).toEqual([1, 0]);
  clock.advance(28 * DAY_MS);
  expect(
    statistics
      .of(1)
      .days.map((day) => day.up)
      .indexOf(1),
  ).toBe(0);
  clock.advance(40 * DAY_MS);
  expect(statistics.of(1).days).toHaveLength(DAYS);
  expect(statistics.of(1).days.every((day) => day.up === 0)).toBe(true);
});

test("a clock that goes back loses nothing", () => {
  const { clock, statistics } = start();
  statistics.count(1, { successful: true, delay: 10 });
  clock.jump(-2 * DAY_MS);
  statistics.count(1, { successful: true, delay: 10 });
  clock.jump(2 * DAY_MS);
  expect(statistics.of(1).days.at(-1)?.up).toBe(2);
});

test("what was stored takes its day; other days are left out", () => {
  const { statistics } = start();
  const counts = { up: 3, down: 1, delay: 2 };
  for (const day of [TODAY + 1, TODAY, TODAY - 29, TODAY - 30]) statistics.load(1, day, counts);
  const { days } = statistics.of(1);
  expect(days.map((day) => day.up)).toEqual([3, ...Array.from({ length: 28 }, () => 0), 3]);
  statistics.remove([1]);
  expect(statistics.of(1).days.at(-1)?.up).toBe(0);
});
