import fc from "fast-check";
import { expect, test } from "vitest";
import { cycleWindow } from "./cycle-window.ts";

const at = (cycleStart: string, cycleInterval: number, cycleUnit: string, now: string) =>
  cycleWindow({ cycleStart, cycleInterval, cycleUnit }, Date.parse(now));

test.each([
  ["2026-01-01T00:00:00+08:00", 6, "hour", "2026-03-01T13:00:00+08:00", "2026-03-01T12:00:00+08:00", "2026-03-01T18:00:00+08:00"],
  ["2026-01-01T00:00:00+08:00", 1, "fortnight", "2026-03-01T12:30:00+08:00", "2026-03-01T12:00:00+08:00", "2026-03-01T13:00:00+08:00"],
  ["2026-01-01T09:30:00Z", 2, "day", "2026-01-04T09:30:00Z", "2026-01-03T09:30:00Z", "2026-01-05T09:30:00Z"],
  ["2026-01-05T00:00:00-05:00", 1, "WEEK", "2026-01-18T23:59:59-05:00", "2026-01-12T00:00:00-05:00", "2026-01-19T00:00:00-05:00"],
  ["2026-02-01T00:00:00.5Z", 50, "year", "2026-11-24T00:00:00Z", "2026-02-01T00:00:00.5Z", "2076-02-01T00:00:00.5Z"],
  ["2026-01-01T00:00:00+08:00", 99, "Year", "2026-11-24T00:00:00Z", "2026-01-01T00:00:00+08:00", "2125-01-01T00:00:00+08:00"],
  // A month without that day ends early; the one after it does not (spec 30 section 2.6).
  ["2025-01-31T08:00:00Z", 1, "month", "2025-03-01T00:00:00Z", "2025-02-28T08:00:00Z", "2025-03-31T08:00:00Z"],
  ["2025-01-31T08:00:00Z", 1, "month", "2025-04-15T00:00:00Z", "2025-03-31T08:00:00Z", "2025-04-30T08:00:00Z"],
  ["2024-02-29T00:00:00Z", 1, "year", "2025-06-01T00:00:00Z", "2025-02-28T00:00:00Z", "2026-02-28T00:00:00Z"],
  // Hand-edited: a start that is to come, and an end past all calendars.
  ["2030-01-01T00:00:00Z", 1, "month", "2026-06-01T00:00:00Z", "2030-01-01T00:00:00Z", "2030-02-01T00:00:00Z"],
  ["2026-01-01T00:00:00Z", 4_000_000, "year", "2026-06-01T00:00:00Z", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
])("from %s every %d %s, at %s", (start, interval, unit, now, from, to) => {
  expect(at(start, interval, unit, now)).toMatchObject({ from, to, fromMs: Date.parse(from), toMs: Date.parse(to) });
});

test("without a start there is no period", () => {
  expect(cycleWindow({ cycleStart: undefined, cycleInterval: 1, cycleUnit: "day" }, 0)).toBeUndefined();
});

test("every moment lies in its period, and the next one begins where it ends", () => {
  const moment = fc.integer({ min: Date.UTC(2025, 0, 31, 5), max: Date.UTC(2200, 0, 1) });
  const unit = fc.constantFrom("hour", "day", "week", "month", "year");
  fc.assert(
    fc.property(
      moment,
      unit,
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom("Z", "+08:00", "-03:30"),
      (now, cycleUnit, cycleInterval, offset) => {
        const condition = { cycleStart: `2025-01-31T00:00:00${offset}`, cycleInterval, cycleUnit };
        const window = cycleWindow(condition, now);
        expect(window?.fromMs).toBeLessThanOrEqual(now);
        expect(window?.toMs).toBeGreaterThan(now);
        expect(cycleWindow(condition, window?.toMs ?? 0)?.from).toBe(window?.to);
      },
    ),
  );
});
