import { sql } from "kysely";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeTime } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createScheduler } from "#platform/scheduler";
import { createPruning } from "./pruning.ts";

const START = Date.UTC(2026, 0, 10, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let clock: FakeClock;
let temporary: TemporaryDatabase;

beforeEach(async () => {
  clock = createFakeClock(START);
  temporary = await openTemporaryDatabase({ clock });
  await sql`INSERT INTO services (id, name) VALUES (1, 's')`.execute(temporary.database.kysely);
  await sql`INSERT INTO servers (id, name, uuid) VALUES (1, 'a', 'u')`.execute(temporary.database.kysely);
});
afterEach(() => temporary.remove());

async function store(count: number, row: { at: number; service?: number; server?: number }): Promise<void> {
  const time = writeTime(row.at);
  for (let from = 0; from < count; from += 500) {
    const values = Array.from({ length: Math.min(500, count - from) }, () => ({
      created_at: time,
      updated_at: time,
      service_id: row.service ?? 1,
      server_id: row.server ?? 1,
      avg_delay: 1,
      up: 0,
      down: 0,
      data: "",
    }));
    await temporary.database.kysely.insertInto("service_histories").values(values).execute();
  }
}

async function prune(mostRows?: number): Promise<number> {
  const pruning = createPruning({
    database: temporary.database,
    scheduler: createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: (text) => expect.unreachable(text) } }),
    now: clock.now,
    onError: (error) => expect.unreachable(String(error)),
    ...(mostRows === undefined ? {} : { mostRows }),
  });
  pruning.start();
  const left = async () => (await temporary.database.kysely.selectFrom("service_histories").select("id").execute()).length;
  await clock.advanceAsync(HOUR_MS);
  let before = -1;
  await expect
    .poll(
      async () => {
        const now = await left();
        const same = now === before;
        before = now;
        return same;
      },
      { interval: 100 },
    )
    .toBe(true);
  await pruning.stop();
  return left();
}

test("rows that nobody is shown any more go, however many there are; others stay", async () => {
  await store(5_000, { at: START - 40 * DAY_MS });
  await store(3, { at: START - 29 * DAY_MS });
  await store(2, { at: START, server: 0 });
  expect(await prune()).toBe(5);
});

test("past the bound the oldest rows go", async () => {
  await store(4_500, { at: START });
  expect(await prune(10)).toBe(10);
});

test("rows of services and servers that are gone go", async () => {
  await store(1, { at: START, service: 9 });
  await store(1, { at: START, service: 9, server: 0 });
  await store(1, { at: START, server: 9 });
  await store(1, { at: START });
  expect(await prune()).toBe(1);
});
