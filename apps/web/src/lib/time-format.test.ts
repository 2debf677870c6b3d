import { expect, test } from "vitest";
import { createTimeFormat, parseTime, weekdayName } from "./time-format.ts";

const NAMES = { second: "s", minute: "min", hour: "h", day: "d" } as const;
const noon = Date.parse("2026-08-03T12:00:00Z");
const format = createTimeFormat({
  locale: "en-GB",
  timeZone: "Europe/Berlin",
  unit: (unit, value) => `${value} ${NAMES[unit]}`,
  now: () => noon,
});

test.each([
  [-5, "0 s"],
  [59_999, "59 s"],
  [14 * 60_000, "14 min"],
  [23.99 * 3_600_000, "23 h"],
  [63 * 86_400_000, "63 d"],
])("%d ms last %s", (ms, expected) => {
  expect(format.duration(ms)).toBe(expected);
});

test("times are those of the zone", () => {
  expect(format.clock(noon)).toBe("14:00");
  expect(format.clockSeconds(noon)).toBe("14:00:00");
  expect(format.dateTime(noon)).toBe("3 Aug, 14:00");
});

test("the year is said when it is another one", () => {
  expect(format.date(noon, noon)).toBe("3 Aug");
  expect(format.date(noon, noon + 365 * 86_400_000)).toBe("3 Aug 2026");
  expect(format.dateTime(noon - 366 * 86_400_000)).toBe("2 Aug 2025, 14:00");
  expect(format.ago(noon - 366 * 86_400_000, noon)).toBe("2 Aug 2025, 14:00");
});

test("a moment is relative for a day, absolute after", () => {
  expect(format.ago(noon, noon + 3_600_000)).toBe("1 h");
  expect(format.ago(noon, noon + 25 * 3_600_000)).toBe("3 Aug, 14:00");
});

test("a moment of the same day is a clock time", () => {
  expect(format.moment(noon, noon + 3_600_000)).toBe("14:00");
  expect(format.moment(noon, noon + 20 * 3_600_000)).toBe("3 Aug, 14:00");
});

test("the full form names zone and ISO time", () => {
  expect(format.full(noon)).toContain("(Europe/Berlin), 2026-08-03T12:00:00.000Z");
});

test.each([
  ["0001-01-01T00:00:00Z", undefined],
  ["nonsense", undefined],
  [undefined, undefined],
  ["2026-08-03T14:00:00+02:00", noon],
])("%s is read as %s", (text, expected) => {
  expect(parseTime(text)).toBe(expected);
});

test("days of the week have their names", () => {
  expect([0, 1, 6].map((day) => weekdayName("en", day))).toEqual(["Sun", "Mon", "Sat"]);
  expect(weekdayName("de", 3)).toBe("Mi");
});
