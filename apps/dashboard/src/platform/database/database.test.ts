import { stat } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "@windfire/kit";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "./testing/index.ts";
import type { TemporaryDatabase } from "./testing/index.ts";
import { DatabaseError } from "./index.ts";
import type { Database } from "./index.ts";
import { statement } from "./testing/statement.ts";

let temporary: TemporaryDatabase;
let database: Database;

beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock: systemClock });
  database = temporary.database;
});

afterEach(async () => {
  await temporary.remove();
});

async function addServer(name: string): Promise<number> {
  const row = await database.kysely.insertInto("servers").values({ user_id: 1, name }).returning("id").executeTakeFirstOrThrow();
  return row.id;
}

async function names(): Promise<(string | null)[]> {
  const rows = await database.kysely.selectFrom("servers").select("name").orderBy("id").execute();
  return rows.map((row) => row.name);
}

test("rows are written and read, columns left out get the default", async () => {
  await addServer("a");
  const row = await database.kysely.selectFrom("servers").selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ id: 1, user_id: 1, name: "a", note: null, ddns_profiles_raw: "[]" });
});

test("counts of changed rows and new ids come back", async () => {
  const inserted = await database.kysely.insertInto("servers").values({ user_id: 1, name: "a" }).executeTakeFirstOrThrow();
  expect(inserted.insertId).toBe(1n);
  const updated = await database.kysely.updateTable("servers").set({ name: "b" }).executeTakeFirstOrThrow();
  expect(updated.numUpdatedRows).toBe(1n);
});

test("a transaction commits as a whole or not at all", async () => {
  const half = database.transaction(async (tx) => {
    await tx.insertInto("servers").values({ user_id: 1, name: "a" }).execute();
    throw new Error("no");
  });
  await expect(half).rejects.toThrow("no");
  await expect(names()).resolves.toEqual([]);
  await database.transaction(async (tx) => {
    await tx.insertInto("servers").values({ user_id: 1, name: "b" }).execute();
    await tx.insertInto("servers").values({ user_id: 1, name: "c" }).execute();
  });
  await expect(names()).resolves.toEqual(["b", "c"]);
});

test("readers do not wait for a transaction and do not see it before its end; writers take their turn", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const order: string[] = [];
  const transaction = database.transaction(async (tx) => {
    await tx.insertInto("servers").values({ user_id: 1, name: "inside" }).execute();
    expect(await tx.selectFrom("servers").select("name").execute()).toHaveLength(1);
    await promise;
    order.push("transaction");
  });
  const write = addServer("outside").then(() => order.push("write"));
  const alone = statement(database, "UPDATE servers SET note = ?").run("x");
  await expect(names()).resolves.toEqual([]);
  resolve();
  await Promise.all([transaction, write, alone]);
  expect(order).toEqual(["transaction", "write"]);
  await expect(names()).resolves.toEqual(["inside", "outside"]);
});

test("a write of the whole database inside a transaction fails instead of waiting for ever", async () => {
  const clock = createFakeClock();
  const other = await openTemporaryDatabase({ clock });
  const stuck = other.database.transaction(async () => {
    const inner = other.database.kysely.insertInto("servers").values({ user_id: 1, name: "a" }).execute();
    await Promise.all([inner, clock.advanceAsync(60_000)]);
  });
  await expect(stuck).rejects.toMatchObject({ name: "DatabaseError", failure: "busy" });
  await other.remove();
});

test("another process holds the file: every write fails after five seconds from when it came, reads go on, and writing works again", async () => {
  const clock = createFakeClock();
  const other = await openTemporaryDatabase({ clock });
  const holder = new DatabaseSync(other.path);
  holder.exec("BEGIN IMMEDIATE");
  const insert = statement(other.database, "INSERT INTO servers (user_id, name) VALUES (?, ?)");
  const outcomes: string[] = [];
  const told = (name: string, work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => outcomes.push(`${name} written`),
      (error: unknown) => outcomes.push(`${name} ${error instanceof DatabaseError ? error.failure : String(error)}`),
    );
  const writes = Array.from({ length: 4 }, (_, index) => told(`${index}`, insert.run(1, "a")));
  writes.push(
    told(
      "transaction",
      other.database.transaction((tx) => tx.insertInto("servers").values({ user_id: 1, name: "b" }).execute()),
    ),
  );
  await clock.advanceAsync(4_900);
  expect(outcomes).toEqual([]);
  expect(await other.database.kysely.selectFrom("servers").select("id").execute()).toEqual([]);
  await clock.advanceAsync(200);
  await Promise.all(writes);
  expect(outcomes).toEqual(["0 busy", "1 busy", "2 busy", "3 busy", "transaction busy"]);
  holder.exec("ROLLBACK");
  await insert.run(1, "c");
  expect(await other.database.kysely.selectFrom("servers").select("name").execute()).toEqual([{ name: "c" }]);
  holder.close();
  await other.remove();
});

test("prepared statements read the last commit at once and write in turn", async () => {
  const insert = statement(database, "INSERT INTO servers (user_id, name) VALUES (?, ?)");
  await expect(insert.run(1, "a")).resolves.toBe(1);
  const byId = statement<{ name: string }>(database, "SELECT name FROM servers WHERE id = ?");
  expect(await byId.get(1)).toEqual({ name: "a" });
  expect(await byId.get(2)).toBeUndefined();
  expect(await byId.all(1)).toEqual([{ name: "a" }]);
});

test("a broken rule is a DatabaseError with the engine's own text", async () => {
  const row = { user_id: 0, username: "alice" };
  await database.kysely.insertInto("users").values(row).execute();
  await expect(database.kysely.insertInto("users").values(row).execute()).rejects.toMatchObject({
    name: "DatabaseError",
    failure: "constraint",
    message: "UNIQUE constraint failed: users.username",
  });
});

test("flags are stored as 0 and 1; dates and undefined are refused", async () => {
  const insert = statement(database, "INSERT INTO servers (user_id, hide_for_guest) VALUES (1, ?)");
  await insert.run(true);
  expect(await statement(database, "SELECT hide_for_guest AS flag FROM servers").get()).toEqual({ flag: 1 });
  await expect(insert.run(new Date(0))).rejects.toThrow("a Date cannot be stored");
  await expect(insert.run(undefined)).rejects.toThrow("a undefined cannot be stored");
});

test("numbers beyond what JavaScript can hold are read rounded", async () => {
  await statement(database, 'INSERT INTO transfers (user_id, "in") VALUES (0, 9223372036854775807)').run();
  const row = await database.kysely.selectFrom("transfers").select("in").executeTakeFirstOrThrow();
  expect(row.in).toBe(2 ** 63);
});

test("another process that writes is waited for without blocking, up to a limit", async () => {
  const other = new DatabaseSync(temporary.path);
  other.exec("BEGIN IMMEDIATE");
  const write = addServer("a");
  await new Promise((resolve) => setImmediate(resolve));
  other.exec("COMMIT");
  await expect(write).resolves.toBe(1);
  other.close();
});

test("a full disk fails the write and leaves the database usable", async () => {
  await statement(database, "PRAGMA max_page_count = 200").run();
  const large = "x".repeat(2_000_000);
  await expect(addServer(large)).rejects.toMatchObject({ name: "DatabaseError", failure: "full" });
  const transaction = database.transaction(async (tx) => {
    await tx.insertInto("servers").values({ user_id: 1, name: "small" }).execute();
    await tx.insertInto("servers").values({ user_id: 1, name: large }).execute();
  });
  await expect(transaction).rejects.toMatchObject({ failure: "full" });
  await addServer("after");
  await expect(names()).resolves.toEqual(["after"]);
});

test("vacuum and the integrity check run beside the readers", async () => {
  await addServer("a");
  const vacuum = database.vacuum();
  const write = addServer("b");
  await expect(names()).resolves.toEqual(["a"]);
  await vacuum;
  await write;
  await expect(names()).resolves.toEqual(["a", "b"]);
  await expect(database.integrityCheck()).resolves.toEqual([]);
});

test("a copy of a database in use is whole", async () => {
  await addServer("a");
  const target = `${temporary.path}.copy`;
  await database.copyTo(target);
  const copy = new DatabaseSync(target, { readOnly: true });
  expect(copy.prepare("SELECT name FROM servers").all()).toEqual([{ name: "a" }]);
  copy.close();
});

test("closing waits for the transaction that runs; afterwards nothing can be done, and closing again is nothing", async () => {
  const begun = Promise.withResolvers<void>();
  const transaction = database.transaction(async (tx) => {
    begun.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    await tx.insertInto("servers").values({ user_id: 1, name: "last" }).execute();
  });
  await begun.promise;
  await Promise.all([database.close(), database.close(), transaction]);
  await expect(addServer("late")).rejects.toMatchObject({ failure: "closed" });
  await expect(statement(database, "SELECT 1").all()).rejects.toThrow("the database is closed");
  const file = new DatabaseSync(temporary.path, { readOnly: true });
  expect(file.prepare("SELECT name FROM servers").all()).toEqual([{ name: "last" }]);
  file.close();
});

test("a probe writes as far as the log of the disk, changes nothing, and fails where a write would", async () => {
  const log = `${temporary.path}-wal`;
  await database.kysely.selectFrom("servers").select("id").execute();
  const before = (await stat(log)).size;
  await database.probeWrite();
  expect((await stat(log)).size).toBeGreaterThan(before);
  expect(await names()).toEqual([]);
  await database.close();
  await expect(database.probeWrite()).rejects.toThrow(DatabaseError);
});
