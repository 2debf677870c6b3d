import type { ServerTraffic } from "@windfire/api";
import { expect, test } from "vitest";
import { daysSince, trafficBars } from "./traffic-model.ts";

const DAY = 86_400_000;
const day = (at: number, bytes = 0) => ({ from: new Date(at * DAY).toISOString(), in: bytes, out: bytes * 2 });
const answer = (since: number | undefined, ...bars: ServerTraffic["bars"]): ServerTraffic => ({
  server_id: 1,
  days: bars.length,
  step: "day",
  zone: "UTC",
  since: since === undefined ? null : new Date(since * DAY).toISOString(),
  bars,
});

test("sums and the highest are of what is shown", () => {
  const { bars, received, sent, most } = trafficBars(answer(0, day(1, 5), day(2, 10), day(3)));
  expect(bars.map((bar) => bar.received)).toEqual([5, 10, 0]);
  expect([received, sent, most]).toEqual([15, 30, 30]);
});

test("before anything was recorded nothing is known; a day without traffic after that is nothing", () => {
  expect(trafficBars(answer(2.5, day(1), day(2), day(3))).bars.map((bar) => bar.unknown)).toEqual([true, false, false]);
  expect(trafficBars(answer(undefined, day(1), day(2, 1))).bars.map((bar) => bar.unknown)).toEqual([true, false]);
});

test("a cycle begins with the day that it began in", () => {
  const { bars } = trafficBars(answer(0, day(1, 1), day(2, 1), day(3, 1)), 2.5 * DAY);
  expect(bars.map((bar) => bar.from)).toEqual([2 * DAY, 3 * DAY]);
});

test.each([
  [10 * DAY, 10.5 * DAY, 2],
  [10 * DAY, 39.5 * DAY, 31],
  [0, 100 * DAY, undefined],
  [10 * DAY, 5 * DAY, undefined],
])("from %d to %d are %s days", (begin, now, days) => {
  expect(daysSince(begin, now)).toBe(days);
});
