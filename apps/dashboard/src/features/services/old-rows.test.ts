import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createHistory } from "#features/history";
import type { History } from "#features/history";
import { writeTime } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createScheduler } from "#platform/scheduler";
import { openHistoryTable } from "./history-table.ts";
import { createOldRows } from "./old-rows.ts";

const START = Date.UTC(2026, 0, 10, 12);
const DAY_MS = 86_400_000;

let clock: FakeClock;
let temporary: TemporaryDatabase;
let folder: string;
let history: History;
const errors: string[] = [];

beforeEach(async () => {
  clock = createFakeClock(START);
  temporary = await openTemporaryDatabase({ clock });
  folder = await mkdtemp(join(tmpdir(), "windfire-old-rows-"));
  errors.length = 0;
  history = createHistory({
    clock,
    log: { error: (text) => expect.unreachable(text) },
    directory: folder,
    limits: { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 },
    enabled: true,
  });
});
afterEach(async () => {
  await history.close();
  await temporary.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Row {
  readonly server: number;
  readonly at: number;
  readonly delay: number;
  readonly up?: number;
  readonly down?: number;
}

async function store(rows: readonly Row[]): Promise<void> {
  for (let from = 0; from < rows.length; from += 500) {
    const values = rows.slice(from, from + 500).map(({ server, at, delay, up = 0, down = 0 }) => ({
      created_at: writeTime(at),
      updated_at: writeTime(at),
      service_id: 1,
      server_id: server,
      avg_delay: delay,
      up,
      down,
      data: "",
    }));
    await temporary.database.kysely.insertInto("service_histories").values(values).execute();
  }
}

/** Takes everything over; `takes` may fail in place of the history. */
async function takeOver(importProbes: History["importProbes"] = history.importProbes): Promise<void> {
  const table = await openHistoryTable(temporary.database);
  if (!table) throw new Error("the table is missing");
  const oldRows = createOldRows({
    database: temporary.database,
    table,
    history: { importProbes },
    scheduler: createScheduler({ clock, location: "UTC", log: { warn: () => undefined, error: (text) => void errors.push(text) } }),
    now: clock.now,
    isKnown: (_serviceId, serverId) => serverId < 90,
    onError: (error) => void errors.push(String(error)),
  });
  errors.length = 0;
  oldRows.start();
  await ended(oldRows);
}

/** Waits for the first attempt without ending it early: it has come to the last row, or failed. */
async function ended(oldRows: { stop(): Promise<void> }): Promise<void> {
  const { kysely } = temporary.database;
  await expect
    .poll(
      async () => {
        const mark = await kysely.selectFrom("wf_meta").select("value").where("key", "=", "service_histories.imported").executeTakeFirst();
        const last = await kysely
          .selectFrom("service_histories")
          .select("id")
          .where("server_id", "<>", 0)
          .orderBy("id", "desc")
          .limit(1)
          .executeTakeFirst();
        return errors.length > 0 || Number(mark?.value) >= (last?.id ?? 0);
      },
      { timeout: 5_000, interval: 20 },
    )
    .toBe(true);
  await oldRows.stop();
}

async function stats(server: number) {
  const [summary] = await history.serviceSummaries(1, [server], START);
  return summary && [summary.totalUp, summary.totalDown, summary.avgDelay];
}

test("41 §11: old rows are taken over once, whatever is in them", async () => {
  await store([
    { server: 0, at: START - 60_000, delay: 99, up: 30 },
    { server: 1, at: START - 90_000, delay: 10 },
    { server: 1, at: START - 89_000, delay: 20 },
    { server: 1, at: START - 30_000, delay: 0, up: 0, down: 2 },
    { server: 2, at: START - 60_000, delay: 5, up: 1, down: 1 },
    { server: 2, at: START - 40 * DAY_MS, delay: 5 },
    { server: 99, at: START - 60_000, delay: 5 },
  ]);
  await takeOver();
  expect([await stats(1), await stats(2), await stats(99)]).toEqual([[2, 2, 15], [1, 1, 5], undefined]);
  await takeOver();
  expect(await stats(1)).toEqual([2, 2, 15]);
  await store([{ server: 1, at: START - 300_000, delay: 30 }]);
  await takeOver();
  expect(await stats(1)).toEqual([3, 2, 20]);
  expect(await temporary.database.kysely.selectFrom("service_histories").select("id").execute()).toHaveLength(8);
});

test("after an interruption at any batch it goes on, and nothing is there twice", async () => {
  const rows = Array.from({ length: 2_600 }, (_, index) => ({
    server: 1 + (index % 2),
    at: START - 20 * 3_600_000 + index * 7_000,
    delay: 10,
  }));
  await store(rows);
  for (let batches = 0; batches < 4; batches++) {
    let left = batches;
    await takeOver(async (points) => {
      // Half of what is asked for last is on disk when the process ends.
      if (left-- > 0) return history.importProbes(points);
      await history.importProbes(points.slice(0, 6 * Math.floor(points.length / 12)));
      throw new Error("killed");
    });
  }
  await takeOver();
  expect([await stats(1), await stats(2)]).toEqual([
    [1_300, 0, 10],
    [1_300, 0, 10],
  ]);
});

test.each([
  ["rising", (index: number) => index],
  ["falling", (index: number) => 2_599 - index],
  ["mixed", (index: number) => (index * 1_009) % 2_600],
])("rows whose times come in %s order are all taken over, those that are too old left out", async (_order, place) => {
  const rows = Array.from({ length: 2_600 }, (_, index) => ({
    server: 1 + (place(index) % 2),
    at: START - 40 * DAY_MS + Math.floor((place(index) / 2_600) * 40 * DAY_MS),
    delay: 10,
  }));
  await store(rows);
  await takeOver();
  const points = async (server: number): Promise<number> => {
    let found = 0;
    for await (const page of history.serviceHistory(1, [server], "30d", START)) for (const { totalUp } of page) found += totalUp;
    return found;
  };
  const young = (server: number) => rows.filter((row) => row.server === server && row.at >= START - 30 * DAY_MS).length;
  expect([await points(1), await points(2)]).toEqual([young(1), young(2)]);
  expect(errors).toEqual([]);
});

test("while the history is not written nothing is taken over, and nothing is lost by it", async () => {
  await history.close();
  const open = (minFreeDiskBytes: number): History =>
    createHistory({
      clock,
      log: { error: (text) => expect.unreachable(text) },
      directory: folder,
      limits: { retentionDays: 30, minFreeDiskBytes, sizeBudgetBytes: 2 ** 30 },
      enabled: true,
    });
  await store([{ server: 1, at: START - 90_000, delay: 10 }]);
  history = open(Number.MAX_SAFE_INTEGER);
  await takeOver();
  expect(errors).toEqual([expect.stringContaining("not written")]);
  await history.close();
  history = open(0);
  await takeOver();
  expect(await stats(1)).toEqual([1, 0, 10]);
});
