import { stat } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Caller } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import { createMaintenance } from "./index.ts";
import type { MaintenanceDeps } from "./index.ts";

const admin: Caller = { kind: "session", user: { id: 1, username: "admin", role: 0 }, sessionKey: "k", via: "header" };

let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

function open(deps: Partial<MaintenanceDeps> = {}) {
  const log: string[] = [];
  const errors: unknown[] = [];
  let now = Date.UTC(2026, 0, 1);
  const maintenance = createMaintenance({
    now: () => (now += 1000),
    database: temporary.database,
    audit: createAuditLog({ database: temporary.database, now: () => 0 }),
    vacuum: async () => void log.push("vacuum"),
    flushHistory: async () => void log.push("history"),
    onError: (error) => errors.push(error),
    ...deps,
  });
  return { maintenance, call: createRouteCaller(maintenance.routes), log, errors };
}

test("compacts the database, then writes the history, and says how it went", async () => {
  const { call, log } = open();
  expect(await call(admin, "GET /maintenance/status")).toMatchObject({
    data: { running: false, step: null, started_at: "0001-01-01T00:00:00Z", failed: [] },
  });
  expect(await call(admin, "POST /maintenance")).toEqual({ data: null });
  expect(log).toEqual(["vacuum", "history"]);
  const lines = await temporary.database.kysely.selectFrom("wf_audit").select(["action", "username"]).execute();
  expect(lines).toEqual([{ action: "maintenance.run", username: "admin" }]);
  const { data } = (await call(admin, "GET /maintenance/status")) as { data: { started_at: string; finished_at: string } };
  expect(Date.parse(data.finished_at) - Date.parse(data.started_at)).toBe(1000);
});

test("a step that fails is reported and does not keep the others from running", async () => {
  const { call, log, errors } = open({ vacuum: () => Promise.reject(new Error("disk full")) });
  expect(await call(admin, "POST /maintenance")).toEqual({ error: "database error" });
  expect(log).toEqual(["history"]);
  expect(errors).toEqual([new Error("disk full")]);
  expect(await call(admin, "GET /maintenance/status")).toMatchObject({ data: { running: false, failed: ["vacuum"] } });
});

test("runs once at a time: who comes meanwhile waits for the same run", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let runs = 0;
  const { maintenance, call } = open({
    vacuum: () => {
      runs++;
      return promise;
    },
  });
  const both = Promise.all([maintenance.run(), call(admin, "POST /maintenance")]);
  expect(await call(admin, "GET /maintenance/status")).toMatchObject({ data: { running: true, step: "vacuum" } });
  resolve();
  expect(await both).toEqual([true, { data: null }]);
  expect(runs).toBe(1);
  await maintenance.run();
  expect(runs).toBe(2);
});

test("a real database is smaller afterwards, and can be written to while it shrinks", async () => {
  const { database, path } = temporary;
  await database.transaction(async (tx) => {
    for (let id = 1; id <= 400; id++)
      await tx
        .insertInto("servers")
        .values({ id, user_id: 1, name: "x".repeat(4000), uuid: String(id) })
        .execute();
  });
  await database.kysely.deleteFrom("servers").where("id", ">", 1).execute();
  const { maintenance } = open({ vacuum: () => database.vacuum() });
  const written = database.kysely.updateTable("servers").set({ name: "after" }).where("id", "=", 1).execute();
  expect(await maintenance.run()).toBe(true);
  await written;
  expect(await database.kysely.selectFrom("servers").select("name").execute()).toEqual([{ name: "after" }]);
  await database.close();
  expect((await stat(path)).size).toBeLessThan(1_000_000);
});
