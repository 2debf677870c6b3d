import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCalendar } from "./calendar.ts";

const DAY_MS = 86_400_000;
const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2060, 0, 1) });

test.each([
  ["UTC", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00.000Z"],
  ["Asia/Shanghai", "2026-03-01T15:59:59Z", "2026-02-28T16:00:00.000Z"],
  ["Asia/Shanghai", "2026-03-01T16:00:00Z", "2026-03-01T16:00:00.000Z"],
  ["Asia/Kolkata", "2026-03-01T12:00:00Z", "2026-02-28T18:30:00.000Z"],
  ["America/New_York", "2026-11-01T20:00:00Z", "2026-11-01T04:00:00.000Z"],
  // Clocks go forward at midnight: the day begins at one.
  ["America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00.000Z"],
])("in %s the day of %s begins at %s", (zone, moment, start) => {
  const calendar = createCalendar(zone);
  expect(new Date(calendar.startOf(calendar.dayOf(Date.parse(moment)))).toISOString()).toBe(start);
});

describe.each(["UTC", "Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Pacific/Apia", "Australia/Lord_Howe"])("%s", (zone) => {
  const calendar = createCalendar(zone);

  test("every instant lies in its day", () => {
    fc.assert(
      fc.property(instant, (moment) => {
        const day = calendar.dayOf(moment);
        expect(calendar.startOf(day)).toBeLessThanOrEqual(moment);
        expect(calendar.startOf(day + 1)).toBeGreaterThan(moment);
      }),
      // Samoa left one day out.
      { examples: [[Date.UTC(2011, 11, 29, 12)], [Date.UTC(2011, 11, 31, 12)]] },
    );
  });

  test("a day begins with its first instant", () => {
    fc.assert(
      fc.property(instant, (moment) => {
        const day = calendar.dayOf(moment);
        const start = calendar.startOf(day);
        expect(calendar.dayOf(start)).toBe(day);
        expect(calendar.dayOf(start - 1)).toBeLessThan(day);
        expect(moment - start).toBeLessThan(DAY_MS + 7_200_000);
      }),
    );
  });
});
