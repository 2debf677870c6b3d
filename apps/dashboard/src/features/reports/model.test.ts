import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCalendar } from "#features/services";
import { billingEnd, nextAt, periodBefore } from "./model.ts";
import type { ReportPlan } from "./model.ts";

const DAY_MS = 86_400_000;
const plan = (over: Partial<ReportPlan> = {}): ReportPlan => ({ every: "daily", at: "08:00", weekday: 1, day: 1, zone: "", ...over });
const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);
const utc = createCalendar("UTC");
const berlin = createCalendar("Europe/Berlin");

test.each([
  ["a day later", plan(), "2026-03-10T08:00", "2026-03-11T08:00"],
  ["the same day", plan(), "2026-03-10T07:59", "2026-03-10T08:00"],
  ["on Monday", plan({ every: "weekly" }), "2026-03-10T00:00", "2026-03-16T08:00"],
  ["on Sunday", plan({ every: "weekly", weekday: 0 }), "2026-03-10T00:00", "2026-03-15T08:00"],
  ["on the first", plan({ every: "monthly" }), "2026-03-01T08:00", "2026-04-01T08:00"],
  ["on the 31st, or the last day", plan({ every: "monthly", day: 31 }), "2026-01-31T09:00", "2026-02-28T08:00"],
  ["on the 30th, in a leap year", plan({ every: "monthly", day: 30 }), "2028-02-01T00:00", "2028-02-29T08:00"],
])("%s", (_label, when, after, expected) => {
  expect(iso(nextAt(when, Date.parse(`${after}Z`), utc))).toBe(expected);
});

test("times are those of the zone", () => {
  expect(iso(nextAt(plan({ at: "00:30" }), Date.parse("2026-07-01T12:00Z"), berlin))).toBe("2026-07-01T22:30");
});

test.each([
  ["as every day where clocks went forward", "08:00", "2026-03-28T12:00", "2026-03-29T06:00"],
  ["an hour later where they leave it out", "02:30", "2026-03-28T12:00", "2026-03-29T01:30"],
  ["as every day where they went back", "08:00", "2026-10-24T12:00", "2026-10-25T07:00"],
  ["the first of both where they show it twice", "02:30", "2026-10-24T12:00", "2026-10-25T00:30"],
  ["and not the second one", "02:30", "2026-10-25T00:30", "2026-10-26T01:30"],
  ["at the end of a long day", "23:30", "2026-10-25T12:00", "2026-10-25T22:30"],
])("on days on which clocks change a report comes %s", (_label, at, after, expected) => {
  expect(iso(nextAt(plan({ at }), Date.parse(`${after}Z`), berlin))).toBe(expected);
});

test.each([
  ["daily", "2026-03-10T08:00", "2026-03-09T00:00", "2026-03-10T00:00"],
  ["weekly", "2026-03-10T08:00", "2026-03-03T00:00", "2026-03-10T00:00"],
  ["monthly", "2026-03-10T08:00", "2026-02-01T00:00", "2026-03-01T00:00"],
  ["monthly", "2026-01-01T00:00", "2025-12-01T00:00", "2026-01-01T00:00"],
] as const)("a %s report at %s is of %s to %s", (every, at, from, to) => {
  const span = periodBefore({ every }, Date.parse(`${at}Z`), utc);
  expect([iso(span.from), iso(span.to)]).toEqual([from, to]);
});

test("a day on which clocks change is one all the same", () => {
  const { from, to } = periodBefore({ every: "daily" }, Date.parse("2026-03-30T06:00Z"), berlin);
  expect((to - from) / 3_600_000).toBe(23);
});

describe("whatever the plan", () => {
  const plans = fc.record({
    every: fc.constantFrom("daily" as const, "weekly" as const, "monthly" as const),
    at: fc.tuple(fc.nat(23), fc.nat(59)).map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":")),
    weekday: fc.nat(6),
    day: fc.integer({ min: 1, max: 31 }),
    zone: fc.constant(""),
  });
  const zones = fc.constantFrom(utc, berlin, createCalendar("America/Sao_Paulo"), createCalendar("Asia/Kolkata"));

  test("the next time is later, and within its rhythm", () => {
    fc.assert(
      fc.property(plans, zones, fc.integer({ min: 0, max: 4_000_000_000 }), (when, calendar, seconds) => {
        const next = nextAt(when, seconds * 1_000, calendar);
        expect(next).toBeGreaterThan(seconds * 1_000);
        const longest = { daily: 1, weekly: 7, monthly: 31 }[when.every] * DAY_MS + 2 * 3_600_000;
        expect(next - seconds * 1_000).toBeLessThanOrEqual(longest);
        const { from, to } = periodBefore(when, next, calendar);
        expect(from).toBeLessThan(to);
        expect(to).toBeLessThanOrEqual(next);
      }),
      { numRuns: 60 },
    );
  });
});

test.each([
  ["", undefined],
  ["hello", undefined],
  ['{"billingDataMod":{"endDate":"2026-05-01T00:00:00Z"}}', Date.UTC(2026, 4, 1)],
  ['{"billingDataMod":{"endDate":"2026-05-01","autoRenewal":"0"}}', Date.UTC(2026, 4, 1)],
  ['{"billingDataMod":{"endDate":"2026-05-01","autoRenewal":"1"}}', undefined],
  ['{"billingDataMod":{"endDate":"0000-00-00T23:59:59"}}', undefined],
  ['{"billingDataMod":null}', undefined],
])("the note %j", (note, expected) => {
  expect(billingEnd(note)).toBe(expected);
});
