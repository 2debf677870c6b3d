import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "@windfire/kit";
import { startPostgres } from "@windfire/testkit";
import type { PostgresServer } from "@windfire/testkit";
import { openDatabase } from "../open-database.ts";
import { StoredKey } from "../engine/index.ts";
import { createReferenceFile } from "../testing/reference-file.ts";
import { moveToPostgres, moveToSqlite } from "./move.ts";

const log = { info: () => undefined, warn: () => undefined };
const open = (path: string) => openDatabase({ path, clock: systemClock, log, serviceHistories: true });
let server: PostgresServer;
let directory: string;
let file: string;
let address: string;
let made = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-moving-"));
  file = join(directory, "sqlite.db");
  address = await server.createDatabase(`moving${++made}`);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A file with values that are easily lost on the way. */
async function fill(): Promise<void> {
  const database = await open(file);
  await database.kysely
    .insertInto("transfers")
    .values([
      { id: 5, user_id: 0, server_id: 1, in: 2n ** 63n - 1n, out: 2n ** 53n + 1n, created_at: "2026-05-18 11:58:03.120934+02:00" },
      { id: 900, user_id: 0, server_id: 1, in: 0, out: 1, created_at: null },
    ])
    .execute();
  await database.kysely.deleteFrom("transfers").where("id", "=", 900).execute();
  await database.kysely
    .insertInto("nz_waf")
    .values({ ip: new Uint8Array([0, 1, 254, 255]), block_identifier: 1, count: 2 })
    .execute();
  await database.kysely.insertInto("services").values({ user_id: 1, name: "ünï ♞ \u{1F525}", min_latency: 0.1, notify: 1 }).execute();
  const line = { at: 1, actor: "user", user_id: 1, username: "a", token_id: 0, address: "", action: "x", kind: "server", fields: "[]" };
  await database.kysely
    .insertInto("wf_audit")
    .values([
      { ...line, key: new StoredKey(7) },
      { ...line, key: new StoredKey("7") },
    ])
    .execute();
  await database.close();
}

/** All that a database holds, as its own tools see it. */
async function contents(path: string) {
  const database = await open(path);
  const { kysely } = database;
  const audit = await kysely.selectFrom("wf_audit").select(["id", "key"]).orderBy("id").execute();
  const services = await kysely.selectFrom("services").selectAll().execute();
  const waf = (await kysely.selectFrom("nz_waf").selectAll().execute()).map((row) => ({ ...row, ip: [...row.ip] }));
  const { id } = await kysely
    .insertInto("transfers")
    .values({ user_id: 0, server_id: 2, in: 1, out: 1 })
    .returning("id")
    .executeTakeFirstOrThrow();
  await kysely.deleteFrom("transfers").where("id", "=", id).execute();
  const transfers = await kysely.selectFrom("transfers").selectAll().execute();
  await database.close();
  return { audit, services: services.map((row) => ({ ...row })), waf, transfers: transfers.map((row) => ({ ...row })), next: id };
}

test("there and back every value is the same, and ids go on where they were", async () => {
  await fill();
  const moved = await moveToPostgres({ file, address, isDryRun: false });
  expect(Object.fromEntries(moved.rows)).toMatchObject({ transfers: 1, nz_waf: 1, services: 1, wf_audit: 2 });
  expect([moved.rewritten.size, moved.leftBehind]).toEqual([0, []]);
  const back = join(directory, "back", "sqlite.db");
  await moveToSqlite({ file: back, address, isDryRun: false });
  // One file with a rollback journal, as the reference makes it (spec 41 section 9.1): both bytes are 2 where there is a write-ahead log.
  expect([await readdir(join(directory, "back")), ...(await readFile(back)).subarray(18, 20)]).toEqual([["sqlite.db"], 1, 1]);
  expect(await server.query(address, 'SELECT "in", "out" FROM transfers')).toBe("9223372036854775807|9007199254740993");
  const before = await contents(file);
  expect(before.next).toBe(901);
  expect(before.audit.map((row) => row.key)).toEqual([7, "7"]);
  expect(await contents(address)).toEqual(before);
  expect(await contents(back)).toEqual(before);
});

test("what people edited keeps the meaning that it is read with, and what is not known stays behind", async () => {
  createReferenceFile(file, [
    "INSERT INTO alert_rules (enable, created_at, trigger_mode) VALUES ('true', 1700000000, 'x')",
    "ALTER TABLE services ADD shown numeric",
    "CREATE TABLE waf (ip text)",
    "INSERT INTO servers (name) VALUES ('a' || char(0) || 'b')",
  ]);
  const moved = await moveToPostgres({ file, address, isDryRun: false });
  expect(moved.leftBehind).toEqual(["table waf", "column services.shown"]);
  expect(Object.fromEntries(moved.rewritten)).toEqual({
    "alert_rules.created_at": 1,
    "alert_rules.enable": 1,
    "alert_rules.trigger_mode": 1,
    "servers.name": 1,
  });
  const rule = await server.query(address, "SELECT enable, created_at, coalesce(trigger_mode, -1) FROM alert_rules");
  expect(rule).toBe("1|2023-11-14 22:13:20+00:00|-1");
});

test("a dry run leaves both sides as they are", async () => {
  await fill();
  const before = await readFile(file);
  await moveToPostgres({ file, address, isDryRun: true });
  expect((await readFile(file)).equals(before)).toBe(true);
  expect(await server.query(address, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).toBe("0");
  await moveToPostgres({ file, address, isDryRun: false });
  await moveToSqlite({ file: join(directory, "back.db"), address, isDryRun: true });
  expect((await readdir(directory)).toSorted()).toEqual(["sqlite.db", "sqlite.db.lock"]);
});

test("nothing is moved into what is not empty, nor while a dashboard runs on either side", async () => {
  await fill();
  const running = await open(file);
  await expect(moveToPostgres({ file, address, isDryRun: false })).rejects.toMatchObject({ failure: "in-use" });
  await running.close();
  await moveToPostgres({ file, address, isDryRun: false });
  await expect(moveToPostgres({ file, address, isDryRun: false })).rejects.toThrow(
    /: it is not empty \(table \w+ holds rows\), and nothing was moved$/,
  );
  await expect(moveToSqlite({ file, address, isDryRun: false })).rejects.toThrow("is there already");
  const other = await open(address);
  await expect(moveToSqlite({ file: join(directory, "back.db"), address, isDryRun: false })).rejects.toMatchObject({ failure: "in-use" });
  await other.copyTo(join(directory, "copy.db"));
  await other.close();
  expect((await contents(join(directory, "copy.db"))).audit).toHaveLength(2);
});

test("a file that is not there is said to be missing", async () => {
  await expect(moveToPostgres({ file, address, isDryRun: false })).rejects.toThrow("sqlite.db");
});
