import type { MaintenancePlan } from "@windfire/api";
import { expect, test, vi } from "vitest";
import { beginningsIn } from "./plan-beginnings.ts";
import type { NextBeginning } from "./plan-beginnings.ts";
import { createPlans } from "./plans.ts";

const HOUR_MS = 3_600_000;
const weekly: MaintenancePlan = { kind: "weekly", days: [0], at: "02:30", minutes: 120, zone: "Europe/Berlin" };

const plansThatBegin = (nextOf: NextBeginning) =>
  createPlans({ now: () => 0, windows: { get: () => undefined }, checkSchedule: () => undefined, nextOf });

/** Hours of a time in which a plan is open, as `from to`, found by looking every five minutes. */
function openHours(plan: MaintenancePlan, from: string, hours: number): string[] {
  const { isDuring } = plansThatBegin(beginningsIn("UTC"));
  const begin = Date.parse(from);
  const moments = Array.from({ length: hours * 12 }, (_, index) => begin + index * (HOUR_MS / 12));
  const edges = moments.filter((at) => isDuring(plan, at) !== isDuring(plan, at - HOUR_MS / 12));
  return edges.map((at) => new Date(at).toISOString().slice(0, 16));
}

test("weekly work also takes place in the night in which clocks leave its time out, and once in that in which they show it twice", () => {
  expect(openHours(weekly, "2026-03-21T12:00:00Z", 24)).toEqual(["2026-03-22T01:30", "2026-03-22T03:30"]);
  expect(openHours(weekly, "2026-03-28T12:00:00Z", 24)).toEqual(["2026-03-29T01:30", "2026-03-29T03:30"]);
  expect(openHours(weekly, "2026-10-24T12:00:00Z", 24)).toEqual(["2026-10-25T00:30", "2026-10-25T02:30"]);
});

test("a weekly plan of several days is open on each of them, also across midnight", () => {
  const plan: MaintenancePlan = { kind: "weekly", days: [1, 3], at: "23:00", minutes: 120, zone: "" };
  const found = ["2026-06-01T23:00", "2026-06-02T01:00", "2026-06-03T23:00", "2026-06-04T01:00", "2026-06-08T23:00"];
  expect(openHours(plan, "2026-06-01T12:00:00Z", 7 * 24 + 12)).toEqual(found);
});

test("a schedule is asked when it comes up once for each of its beginnings and ends, whoever asks how often", () => {
  const nextOf = vi.fn<NextBeginning>(beginningsIn("UTC"));
  const { isDuring } = plansThatBegin(nextOf);
  const plan: MaintenancePlan = { kind: "cron", schedule: "0 0 * * * *", minutes: 10 };
  const begin = Date.UTC(2026, 5, 1);
  const open = Array.from({ length: 3_600 }, (_, second) => isDuring(plan, begin + second * 1000)).filter(Boolean);
  expect(open).toHaveLength(600);
  expect(nextOf).toHaveBeenCalledTimes(2);
  // A clock that was set back.
  expect(isDuring(plan, begin - 1)).toBe(false);
  expect(isDuring(plan, begin)).toBe(true);
});
