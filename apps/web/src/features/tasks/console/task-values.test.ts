import type { Cron } from "@windfire/api";
import { expect, test } from "vitest";
import { blockingErrors } from "#shell/console/form-errors.ts";
import { checkTask, readTask, TOGETHER, writeTask } from "./task-values.ts";
import type { TaskValues } from "./task-values.ts";

const STORED: Cron = {
  id: 2,
  created_at: "",
  updated_at: "",
  name: "backup",
  task_type: 1,
  scheduler: "0 0 3 * * *",
  command: "/opt/backup.sh",
  servers: [1, 3],
  cover: 2,
  push_successful: true,
  notification_group_id: 1,
  last_executed_at: "0001-01-01T00:00:00Z",
  keep_runs: 7,
  keep_output: 2048,
  tell_missed: false,
};

test("a row goes out as it came in", () => {
  expect(writeTask(readTask(STORED))).toEqual({
    name: "backup",
    task_type: 1,
    scheduler: "0 0 3 * * *",
    command: "/opt/backup.sh",
    servers: [1, 3],
    cover: 2,
    push_successful: true,
    notification_group_id: 1,
    keep_runs: 7,
    keep_output: 2048,
    tell_missed: false,
  });
});

test("a new task has a schedule and names no server by itself", () => {
  const values = readTask(undefined);
  expect(checkTask(values)).toEqual({ name: "form.required", command: "form.required", coverage: "cover.needed" });
  expect(writeTask(values)).toMatchObject({ cover: 0, servers: [] });
});

test.each([
  ["0 0 3 * * *", true],
  ["@hourly", true],
  ["@every 30s", true],
  ["TZ=Europe/Paris 0 0 3 * * *", true],
  ["0 3 * * *", false],
  ["", false],
])("%j is an expression: %s", (expression, good) => {
  const found = checkTask({ ...readTask(STORED), kind: "scheduled", coverage: { mode: "only", ids: [] }, expression });
  expect(found.expression).toBe(good ? undefined : "tasks.fields");
});

test.each([
  ["0 0 3 31 2 *", true],
  ["0 0 3 30,31 2 ?", true],
  ["0 0 3 31 4,6 *", true],
  ["0 0 3 29 2 *", false],
  ["0 0 3 31 2,3 *", false],
  ["0 0 3 31 2 1", false],
  ["0 0 3 28-31 2 *", false],
  ["@hourly", false],
])("%j names a day that never comes: %s", (expression, never) => {
  const found = checkTask({ ...readTask(STORED), kind: "scheduled", coverage: { mode: "except", ids: [] }, expression });
  expect(found.expression).toBe(never ? "tasks.neverComes" : undefined);
});

test("a task that runs nowhere, and one that tells nobody of what it is to tell, are refused", () => {
  const task = readTask(STORED);
  expect(checkTask({ ...task, coverage: { mode: "only", ids: [] }, group: 0 })).toEqual({
    coverage: "cover.needed",
    group: "notify.needed",
  });
  expect(checkTask({ ...task, pushSuccess: false, group: 0 })).toEqual({});
});

test("a task that was stored without a server gets another schedule, and a server where it is to run by itself", () => {
  const task: TaskValues = { ...readTask({ ...STORED, task_type: 0, cover: 0, servers: [] }), expression: "0 0 4 * * *" };
  expect(blockingErrors(checkTask(task), ["expression"], false, TOGETHER)).toEqual({});
  expect(blockingErrors(checkTask(task), ["kind"], false, TOGETHER)).toEqual({ coverage: "cover.needed" });
});

test("a row with a number of no kind is shown as one that is triggered, and saved as such", () => {
  expect(writeTask(readTask({ ...STORED, task_type: 7 })).task_type).toBe(1);
});

test("a scheduled task has no server that raised an alert", () => {
  expect(checkTask({ ...readTask(STORED), kind: "scheduled" }).coverage).toBe("tasks.needsTrigger");
});
