import type { Cron, CronRun } from "@windfire/api";
import { expect, test } from "vitest";
import { failedTasks } from "./last-runs.ts";

const NEVER = "0001-01-01T00:00:00Z";
const task = (id: number, result: boolean, at = "2026-03-10T10:00:00Z") => ({ id, last_result: result, last_executed_at: at }) as Cron;
const run = (id: number, state: CronRun["state"]) => ({ cron_id: id, state }) as CronRun;

test.each([
  ["one server of the run failed, the last to answer did well", [task(1, true)], [run(1, "failed")], [1]],
  ["the last to answer failed in an earlier run", [task(1, false)], [run(1, "succeeded"), run(1, "failed")], []],
  ["what is under way, was missed or given up says nothing", [task(1, true)], [run(1, "running"), run(1, "missed"), run(1, "failed")], [1]],
  ["no run of it is known", [task(1, false), task(2, true)], [run(3, "failed")], [1]],
  ["it has never run", [task(1, false, NEVER)], [], []],
] as const)("%s", (_what, tasks, runs, failed) => {
  expect([...failedTasks(tasks, runs)]).toEqual(failed);
});
