import { dirname } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock } from "@windfire/testkit";
import { SYSTEM } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import { createSealing } from "#platform/sealing";
import { createRunner } from "./runner.ts";
import { backupStore } from "./settings.ts";

type TemporaryDatabase = Awaited<ReturnType<typeof openTemporaryDatabase>>;
let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

test("a backup that fails is told to the group of the settings, with what failed, and one that goes well to nobody", async () => {
  const { database, path } = temporary;
  const told: unknown[] = [];
  const runner = createRunner({
    installation: { configPath: `${dirname(path)}/config.yaml`, databasePath: path },
    program: "0.1.0",
    env: {},
    clock: createFakeClock(),
    database,
    audit: { write: async () => undefined },
    sealing: createSealing(new Uint8Array(32)),
    sealingOf: createSealing,
    outbound: { send: async () => Promise.reject(new Error("not asked")) },
    scheduler: { at: () => ({ cancel: () => undefined }) },
    location: "UTC",
    flushHistory: async () => undefined,
    onError: () => undefined,
    tellFailure: (group, reason) => void told.push([group, reason]),
  });
  const settings = await backupStore.settings(database.kysely);
  await database.change((tx, changes) => backupStore.saveSettings(tx, changes, { ...settings, to_disk: false, notification_group_id: 7 }));
  await runner.run("schedule", SYSTEM);
  expect(told).toEqual([[7, "the settings name no place where backups go"]]);
  await database.change((tx, changes) => backupStore.saveSettings(tx, changes, { ...settings, to_disk: true, notification_group_id: 7 }));
  await runner.run("schedule", SYSTEM);
  expect(told).toHaveLength(1);
  expect((await backupStore.runs(database.kysely)).map(({ error }) => error)).toEqual(["", "the settings name no place where backups go"]);
});
