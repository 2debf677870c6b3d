import type { MaintenancePlan } from "@windfire/api";
import { expect, test, vi } from "vitest";
import { createPlans } from "./plans.ts";
import type { PlanDeps } from "./plans.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test("a schedule is asked for its next run once for each, whoever asks how often", () => {
  const nextOf = vi.fn<PlanDeps["nextOf"]>((_plan, after) => (Math.floor(after / HOUR_MS) + 1) * HOUR_MS);
  const plans = createPlans({ now: () => 0, windows: { get: () => undefined }, checkSchedule: () => undefined, nextOf });
  const plan: MaintenancePlan = { kind: "cron", schedule: "0 0 * * * *", minutes: 10 };
  const runOf = (minutes: number): (number | undefined)[] => {
    const run = plans.runOf(plan, minutes * MINUTE_MS);
    return [run?.from, run?.to].map((at) => at && at / MINUTE_MS);
  };
  for (const minutes of [15, 30, 59, 60, 69]) expect(runOf(minutes)).toEqual([60, 70]);
  expect(nextOf).toHaveBeenCalledTimes(1);
  expect(runOf(70)).toEqual([120, 130]);
  // A clock that was set back.
  expect(runOf(65)).toEqual([60, 70]);
  expect(nextOf).toHaveBeenCalledTimes(3);
});
