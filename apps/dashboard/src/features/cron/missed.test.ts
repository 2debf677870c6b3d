import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createScheduler, parseSchedule } from "#platform/scheduler";
import { createMissedWatch } from "./missed.ts";
import { DEFAULT_OPTIONS } from "./model.ts";
import { runStore } from "./run-store.ts";

const CRON = {
  ...DEFAULT_OPTIONS,
  id: 1,
  ownerId: 2,
  name: "backup",
  taskType: 0,
  scheduler: "0 * * * * *",
  command: "x",
  serverIds: [],
  cover: 0,
  pushSuccessful: false,
  notificationGroupId: 0,
  lastExecutedAt: "",
  lastResult: false,
  createdAt: "",
  updatedAt: "",
};

let temporary: TemporaryDatabase;
let clock: ReturnType<typeof createFakeClock>;

/** The watch of a process that has just begun. */
const open = () =>
  createMissedWatch({
    database: temporary.database,
    crons: { list: () => [CRON] },
    scheduler: createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: (text) => expect.unreachable(text) } }),
    nextOf(text) {
      const parsed = parseSchedule(text, "UTC");
      return "error" in parsed ? undefined : parsed.schedule.next;
    },
    deliveries: { tell: async () => undefined },
    translate: (id) => id,
    now: clock.now,
    onError: (error) => expect.unreachable(String(error)),
  });

beforeEach(async () => {
  clock = createFakeClock(Date.UTC(2026, 5, 1, 12));
  temporary = await openTemporaryDatabase({ clock });
});
afterEach(() => temporary.remove());

test("a run that was due when that was noted, and had not begun when the program was killed, is missed", async () => {
  await open().start();
  await clock.advanceAsync(60_000);
  await open().start();
  const [run] = await runStore.list(temporary.database.kysely, {}, 10);
  const due = Date.UTC(2026, 5, 1, 12, 1);
  expect(run).toMatchObject({ cause: "missed", missed: { count: 1, first: due, last: due } });
});

test("what is missed after the clock was set back is found, though the start looked at later moments", async () => {
  await open().start();
  clock.jump(-3_600_000);
  await clock.advanceAsync(60_000);
  await open().start();
  expect(await runStore.list(temporary.database.kysely, {}, 10)).toMatchObject([{ cause: "missed", missed: { count: 1 } }]);
});
