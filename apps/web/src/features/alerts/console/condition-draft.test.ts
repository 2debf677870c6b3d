import type { AlertCondition } from "@windfire/api";
import { expect, test } from "vitest";
import { fittingUnit } from "./alert-types.ts";
import { checkCondition, newCondition, readCondition, writeCondition } from "./condition-draft.ts";

const GIB = 1024 ** 3;
const NOW = new Date("2026-06-15T12:00:00Z");

const STORED: readonly AlertCondition[] = [
  { type: "cpu", max: 90, duration: 20, cover: 0, ignore: { "3": true } },
  { type: "memory", min: 2.5, max: 97.25, duration: 40, cover: 1, ignore: { "1": true, "2": true } },
  { type: "net_in_speed", max: 12_345_678, duration: 4, cover: 0, ignore: {} },
  { type: "offline", duration: 1200, cover: 0, ignore: {} },
  {
    type: "transfer_all_cycle",
    max: 1024 * GIB,
    cycle_start: "2026-01-01T00:00:30+08:00",
    cycle_interval: 3,
    cycle_unit: "month",
    cover: 0,
    ignore: {},
  },
  { type: "from-another-tool", min: 1, duration: 7, cover: 0, ignore: {} },
];

test.each(STORED)("a stored condition goes out as it came in: $type", (stored) => {
  expect(writeCondition(readCondition(stored))).toEqual(stored);
  expect(checkCondition(readCondition(stored), NOW.getTime())).toEqual({});
});

test("limits are written in the largest unit that says them exactly enough", () => {
  expect(readCondition({ type: "transfer_in", max: 5 * GIB, duration: 3, cover: 0 })).toMatchObject({ upper: "5", factor: GIB });
  expect(fittingUnit("speed", [1536 * 1024])).toBe(1024 ** 2);
  expect(fittingUnit("speed", [1000])).toBe(1000);
  expect(fittingUnit("bytes", [2e12])).toBe(1e12);
  expect(fittingUnit("speed", [1001])).toBe(1);
});

test("time is entered as time and stored as checks of three seconds", () => {
  expect(readCondition({ type: "cpu", max: 1, duration: 40, cover: 0 })).toMatchObject({ time: "2", timeUnit: "minute" });
  expect(readCondition({ type: "cpu", max: 1, duration: 7, cover: 0 })).toMatchObject({ time: "21", timeUnit: "second" });
  expect(writeCondition({ ...newCondition(NOW), time: "1", timeUnit: "hour" }).duration).toBe(1200);
});

test("the other limit is left out, and offline has none", () => {
  const draft = { ...newCondition(NOW), lower: "5", upper: "90" };
  expect(writeCondition(draft)).not.toHaveProperty("min");
  expect(writeCondition({ ...draft, bound: "below" })).not.toHaveProperty("max");
  expect(writeCondition({ ...draft, type: "offline" })).toEqual({ type: "offline", duration: 40, cover: 0, ignore: {} });
});

test("a changed type takes the fields of a period along or leaves them", () => {
  const draft = readCondition(STORED[4] ?? { type: "", cover: 0 });
  expect(writeCondition({ ...draft, type: "cpu", time: "1" })).not.toHaveProperty("cycle_start");
  expect(writeCondition({ ...newCondition(NOW), type: "transfer_in_cycle" })).not.toHaveProperty("duration");
});

test.each([
  [{ upper: "" }, { upper: "alerts.limitNeeded" }],
  [{ upper: "0" }, { upper: "alerts.limitNeeded" }],
  [{ bound: "outside", lower: "95", upper: "90" }, { upper: "alerts.order" }],
  [{ bound: "below", lower: "x" }, { lower: "alerts.limitNeeded" }],
  [{ time: "6", timeUnit: "second" }, { time: "alerts.durationShort" }],
  [{ time: "x" }, { time: "alerts.durationShort" }],
  [{ type: "transfer_in_cycle", interval: "0" }, { interval: "alerts.cycleWrong" }],
  [{ type: "transfer_in_cycle", start: "2026-07-01T00:00" }, { start: "alerts.fromWrong" }],
  [{ type: "transfer_in_cycle", start: "" }, { start: "alerts.fromWrong" }],
] as const)("%j: %j", (change, expected) => {
  expect(checkCondition({ ...newCondition(NOW), ...change }, NOW.getTime())).toEqual(expected);
});
