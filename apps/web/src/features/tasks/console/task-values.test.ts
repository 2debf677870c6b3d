import type { Cron } from "@windfire/api";
import { expect, test } from "vitest";
import { checkTask, readTask, writeTask } from "./task-values.ts";

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
  expect(checkTask(values)).toEqual({ name: "form.required", command: "form.required" });
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

test("a scheduled task has no server that raised an alert", () => {
  expect(checkTask({ ...readTask(STORED), kind: "scheduled" }).coverage).toBe("tasks.needsTrigger");
});
