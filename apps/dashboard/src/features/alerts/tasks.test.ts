import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createOutbox } from "#platform/outbox";
import type { AlertRule } from "./model.ts";
import { createTaskTopic, TASK_TOPIC, taskMessage } from "./tasks.ts";

const MINUTE_MS = 60_000;

let temporary: TemporaryDatabase;
const clock = createFakeClock();
beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
});
afterEach(async () => temporary.remove());

test("tasks that cannot be started are tried less and less often, given up after a day, and those behind them go on", async () => {
  const { database } = temporary;
  const outbox = createOutbox({ clock, database, onError: (error) => expect.fail(String(error)) });
  const warnings: unknown[] = [];
  let tries = 0;
  const started: number[] = [];
  const rule: AlertRule = {
    id: 1,
    ownerId: 1,
    name: "hot",
    enable: true,
    triggerMode: 0,
    notificationGroupId: 0,
    rules: [],
    failTriggerTasks: [4],
    recoverTriggerTasks: [6],
    severity: "warning",
    saves: 0,
    createdAt: "",
    updatedAt: "",
  };
  const topic = createTaskTopic({
    clock,
    alerts: { get: () => rule },
    agents: { where: async () => "here" },
    log: { warn: (text, details) => void warnings.push([text, details]) },
    trigger: async ([id = 0]) => {
      if (id === 4) {
        tries++;
        throw new Error("cannot be started");
      }
      started.push(id);
    },
  });
  outbox.handle(topic);
  await database.change(async (tx, changes) => {
    for (const cronIds of [[4], [6]]) await outbox.add(tx, changes, taskMessage(rule, 5, cronIds));
  });
  await outbox.start();
  const states = async (): Promise<string[]> => (await outbox.find({ topic: TASK_TOPIC }, 9)).map(({ state }) => state).toReversed();
  await clock.advanceAsync(MINUTE_MS);
  expect(tries).toBeGreaterThan(15);
  await clock.advanceAsync(23 * 60 * MINUTE_MS);
  expect(tries).toBeLessThan(200);
  expect(await states()).toEqual(["waiting", "waiting"]);
  await clock.advanceAsync(2 * 60 * MINUTE_MS);
  await vi.waitFor(async () => expect(await states()).toEqual(["dead", "sent"]));
  expect(started).toEqual([6]);
  expect(warnings).toEqual([["the tasks of an alert were given up", { id: 1, reason: "cannot be started" }]]);
  await outbox.stop();
});
