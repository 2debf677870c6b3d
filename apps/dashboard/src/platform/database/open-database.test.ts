import { spawn } from "node:child_process";
import { link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@windfire/kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backUpBeforeFirstWrite, databaseFile, openDatabase, refuseSecondDashboard } from "./index.ts";
import type { Database } from "./index.ts";
import { ownMigrations } from "./own-migrations.ts";
import { createReferenceFile, readSchema } from "./testing/reference-file.ts";

let directory = "";
let path = "";
let lines: string[] = [];
const opened: Database[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-open-"));
  path = join(directory, "data", "sqlite.db");
  lines = [];
});

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  await rm(directory, { recursive: true, force: true });
});

async function open(options: { path?: string; serviceHistories?: boolean } = {}): Promise<Database> {
  const log = { info: (text: string) => lines.push(text), warn: (text: string) => lines.push(text) };
  const database = await openDatabase({
    path: options.path ?? path,
    clock: systemClock,
    log,
    serviceHistories: options.serviceHistories ?? true,
  });
  opened.push(database);
  return database;
}

/** A file made by hand, in a folder of its own. */
async function makeFile(statements: readonly string[]): Promise<void> {
  await open().then((database) => database.close());
  await rm(path);
  const file = new DatabaseSync(path);
  for (const statement of statements) file.exec(statement);
  file.close();
}

test("a new database has exactly the tables and indexes of the reference, each with its text, in its order", async () => {
  const expected = join(directory, "reference.db");
  createReferenceFile(expected);
  const database = await open();
  await database.close();
  const schema = readSchema(path);
  expect(schema.texts.filter((text) => !text.includes("wf_"))).toEqual(readSchema(expected).texts);
  expect(schema.texts).toContain(
    "CREATE TABLE `servers` (`id` integer PRIMARY KEY AUTOINCREMENT,`created_at` datetime,`updated_at` datetime,`user_id` integer DEFAULT 0," +
      "`name` text,`uuid` text,`note` text,`public_note` text,`display_index` integer,`hide_for_guest` numeric,`enable_d_dns` numeric," +
      '`ddns_profiles_raw` text DEFAULT "[]",`override_ddns_domains_raw` text DEFAULT "{}",CONSTRAINT `uni_servers_uuid` UNIQUE (`uuid`))',
  );
});

test("service_histories is made when it is wanted, and never removed", async () => {
  await open({ serviceHistories: false }).then((database) => database.close());
  expect(readSchema(path).texts.join()).not.toContain("service_histories");
  await open({ serviceHistories: true }).then((database) => database.close());
  await open({ serviceHistories: false }).then((database) => database.close());
  expect(readSchema(path).texts.join()).toContain("service_histories");
});

test("a clean stop leaves one file with a rollback journal", async () => {
  const database = await open();
  await database.kysely.insertInto("servers").values({ user_id: 1, name: "a" }).execute();
  expect(await readdir(join(directory, "data"))).toContain("sqlite.db-wal");
  await database.close();
  expect((await readdir(join(directory, "data"))).toSorted()).toEqual(["sqlite.db", "sqlite.db.lock"]);
  expect(readSchema(path)).toMatchObject({ journal: "delete", version: 0, migrations: ownMigrations.length });
});

test("a second start adds nothing", async () => {
  await open().then((database) => database.close());
  const first = readSchema(path);
  lines = [];
  await open().then((database) => database.close());
  expect(readSchema(path)).toEqual(first);
  expect(lines).toEqual([]);
});

test("an older file gets the missing columns and indexes; what is there keeps its text", async () => {
  const users =
    'CREATE TABLE "users"  (`id` integer PRIMARY KEY AUTOINCREMENT,`created_at` datetime,`updated_at` datetime,`username` text,`password` char(72))';
  const nats =
    "CREATE TABLE `nats` (`id` integer PRIMARY KEY AUTOINCREMENT,`created_at` datetime,`updated_at` datetime,`name` text,`domain` text," +
    "CONSTRAINT `uni_nats_domain` UNIQUE (`domain`))";
  await makeFile([
    users,
    nats,
    "CREATE TABLE `services` (`id` integer PRIMARY KEY AUTOINCREMENT,`enable_show_in_service` numeric DEFAULT false)",
    "CREATE TABLE `waf` (`ip` text)",
    "CREATE INDEX `idx_users_username` ON `users`(`username`)",
    "INSERT INTO users (username) VALUES ('admin')",
  ]);
  const database = await open();
  const row = await database.kysely.selectFrom("users").selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ username: "admin", user_id: 0, token_version: 0, role: null, agent_secret: null });
  await database.close();
  const { texts } = readSchema(path);
  expect(texts).toContain(
    'CREATE TABLE "users"  (`id` integer PRIMARY KEY AUTOINCREMENT,`created_at` datetime,`updated_at` datetime,`username` text,`password` char(72), ' +
      "`user_id` integer DEFAULT 0, `role` integer, `agent_secret` char(32), `reject_password` numeric, `token_version` integer NOT NULL DEFAULT 0)",
  );
  expect(texts).toContain(
    nats.replace(",CONSTRAINT", ", `user_id` integer DEFAULT 0, `enabled` numeric, `server_id` integer, `host` text,CONSTRAINT"),
  );
  expect(texts).toContain("CREATE TABLE `waf` (`ip` text)");
  expect(texts).toContain("CREATE INDEX `idx_users_username` ON `users`(`username`)");
});

test.each([
  [["mcp:server:read", "nezha:server:write"], "nezha:server:read,nezha:server:write"],
  [["mcp:fs:read", " mcp:server:read", "mcp:fs:write"], "nezha:server:read"],
  [["nezha:server:read"], "nezha:server:read"],
  [["mcp:everything"], undefined],
])("a token with the scopes %j becomes one with %j", async (before, after) => {
  await open().then((database) => database.close());
  const file = new DatabaseSync(path);
  file.prepare("INSERT INTO api_tokens (id, scopes_csv) VALUES (1, ?)").run(before.join(","));
  file.close();
  const database = await open();
  const row = await database.kysely.selectFrom("api_tokens").select("scopes_csv").executeTakeFirst();
  expect(row?.scopes_csv).toBe(after);
});

test("damaged and orphaned rows do not keep the file from opening, nor do tokens that cannot be renamed", async () => {
  await open().then((database) => database.close());
  const file = new DatabaseSync(path);
  file.exec("INSERT INTO services (fail_trigger_tasks_raw, recover_trigger_tasks_raw, type) VALUES (NULL, '', 8)");
  file.exec("INSERT INTO alert_rules (rules_raw, enable, created_at) VALUES ('[null]', 'true', 'yesterday')");
  file.exec("INSERT INTO service_histories (service_id, server_id, created_at) VALUES (99, 0, 1700000000)");
  file.exec("INSERT INTO api_tokens (scopes_csv) VALUES (NULL), ('mcp:server:read')");
  file.exec("CREATE TRIGGER refuse BEFORE UPDATE ON api_tokens BEGIN SELECT RAISE(ABORT, 'not now'); END");
  file.close();
  const database = await open();
  expect(await database.kysely.selectFrom("api_tokens").select("scopes_csv").execute()).toEqual([
    { scopes_csv: null },
    { scopes_csv: "mcp:server:read" },
  ]);
  expect(lines.join()).toContain("were not renamed: not now");
});

test("a second dashboard on the same file is refused while the first one runs", async () => {
  const first = await open();
  await expect(open()).rejects.toMatchObject({ failure: "in-use" });
  await first.close();
  await expect(open()).resolves.toBeDefined();
});

async function elsewhere(...names: string[]): Promise<string> {
  await mkdir(join(directory, "elsewhere"), { recursive: true });
  return join(directory, "elsewhere", ...names);
}

test.each<[string, () => Promise<string>]>([
  ["a symbolic link to the file", async () => elsewhere("link.db").then((name) => symlink(path, name).then(() => name))],
  [
    "a link to a link",
    async () => {
      const [one, two] = [await elsewhere("one.db"), await elsewhere("two.db")];
      await symlink(path, one);
      await symlink("one.db", two);
      return two;
    },
  ],
  [
    "a symbolic link to the folder",
    async () => elsewhere("data").then((name) => symlink(join(directory, "data"), name).then(() => join(name, "sqlite.db"))),
  ],
  ["a hard link", async () => elsewhere("hard.db").then((name) => link(path, name).then(() => name))],
  ["another spelling", async () => join(directory, "data", "..", "data", ".", "sqlite.db")],
])("a second dashboard that comes by %s is refused, and may start when the first has stopped", async (_what, other) => {
  const first = await open();
  const name = await other();
  await expect(open({ path: name })).rejects.toMatchObject({ failure: "in-use" });
  await expect(open({ path: name })).rejects.toThrow(`another dashboard is running on the database ${name}`);
  await first.close();
  await expect(open({ path: name })).resolves.toBeDefined();
});

test("whether another dashboard runs is found out without a trace", async () => {
  await refuseSecondDashboard(path);
  expect(await readdir(directory)).toEqual([]);
  const first = await open();
  await expect(refuseSecondDashboard(`${path}?mode=rw`)).rejects.toMatchObject({ failure: "in-use" });
  await first.close();
  await refuseSecondDashboard(path);
});

test("a link to a database that is not there yet makes it where the link leads, once", async () => {
  await mkdir(join(directory, "data"));
  const name = await elsewhere("link.db");
  await symlink(path, name);
  await open({ path: name });
  await expect(open()).rejects.toMatchObject({ failure: "in-use" });
  expect(await readdir(join(directory, "data"))).toContain("sqlite.db.lock");
});

test("a second name left by a backup does not keep the database from opening", async () => {
  await open().then((database) => database.close());
  await link(path, await elsewhere("snapshot.db"));
  await expect(open()).resolves.toBeDefined();
});

test.each<[string, () => Promise<void>, string]>([
  ["a folder in its place", async () => void (await mkdir(path, { recursive: true })), "it is a folder, not a file"],
  ["a file in the place of its folder", () => writeFile(join(directory, "data"), ""), "a part of its path is a file, not a folder"],
  [
    "a link that leads in a circle",
    async () => {
      await mkdir(join(directory, "data"));
      await symlink("sqlite.db", path);
    },
    "its symbolic links lead in a circle",
  ],
  [
    "no database",
    async () => {
      await mkdir(join(directory, "data"));
      await writeFile(path, "text ".repeat(500));
    },
    "file is not a database",
  ],
])("%s is told in a sentence that names the path", async (_what, prepare, text) => {
  await prepare();
  await expect(open()).rejects.toThrow(`cannot open the database ${path}: ${text}`);
});

test.each([
  [
    "a newer version of this program",
    ["CREATE TABLE services (id)", "CREATE TABLE wf_meta (key, value)", "INSERT INTO wf_meta VALUES ('migrations', 9999)"],
    "newer",
    "written by a newer version",
  ],
  ["Nezha v0", ["CREATE TABLE monitors (id)", "CREATE TABLE services (id)"], "unsupported", "Nezha v0"],
  ["Nezha v0 tokens", ["CREATE TABLE services (id)", "CREATE TABLE api_tokens (id, token)"], "unsupported", "Nezha v0"],
  ["something else", ["CREATE TABLE songs (id)"], "unsupported", "table services is missing"],
])("a file of %s is refused and not touched", async (_whose, statements, failure, text) => {
  await makeFile(statements);
  const before = await readFile(path);
  const refused = open();
  await expect(refused).rejects.toMatchObject({ failure });
  await expect(refused).rejects.toThrow(text);
  expect((await readFile(path)).equals(before)).toBe(true);
});

test.each([1, ownMigrations.length + 1, 9999, -5])(
  "a user_version of %d, whoever wrote it, is neither heeded nor changed",
  async (version) => {
    await open().then((database) => database.close());
    await rm(path);
    createReferenceFile(path, [`PRAGMA user_version = ${version}`]);
    const database = await open();
    await database.kysely.insertInto("servers").values({ user_id: 1, name: "a" }).execute();
    await database.close();
    expect(readSchema(path)).toMatchObject({ version, migrations: ownMigrations.length });
    await open().then((again) => again.close());
    expect(readSchema(path)).toMatchObject({ version, migrations: ownMigrations.length });
  },
);

test("a file that is no database is refused and not touched", async () => {
  await makeFile([]);
  await writeFile(path, "not a database, but longer than a header has to be to be looked at".repeat(20));
  const before = await readFile(path);
  await expect(open()).rejects.toMatchObject({ failure: "damaged" });
  expect((await readFile(path)).equals(before)).toBe(true);
});

test("the driver options of the reference are left out of the file name", async () => {
  expect(databaseFile("data/sqlite.db?_journal_mode=WAL&x=1")).toBe("data/sqlite.db");
  expect(databaseFile("file:data/sqlite.db?cache=shared")).toBe("data/sqlite.db");
  await open({ path: `${path}?_journal_mode=WAL` });
  expect(await readdir(join(directory, "data"))).toContain("sqlite.db");
});

test("an installation of the reference is copied once before the first write, with what waits in its journal", async () => {
  await makeFile([]);
  await rm(path);
  createReferenceFile(path);
  const running = new DatabaseSync(path);
  running.exec("PRAGMA journal_mode = WAL; INSERT INTO servers (name) VALUES ('in the log')");
  const config = join(directory, "data", "config.yaml");
  await writeFile(config, "language: en_US\n");
  const copies = await backUpBeforeFirstWrite(path, [config, join(directory, "missing.yaml")]);
  expect(copies.map((copy) => copy.replace(directory, ""))).toEqual([
    expect.stringMatching(/^\/data\/sqlite\.db\.before-windfire-\d{8}T\d{6}Z$/),
    expect.stringMatching(/^\/data\/config\.yaml\.before-windfire-\d{8}T\d{6}Z$/),
  ]);
  const copy = new DatabaseSync(copies[0] ?? "", { readOnly: true });
  expect(copy.prepare("SELECT name FROM servers").all()).toEqual([{ name: "in the log" }]);
  copy.close();
  await expect(backUpBeforeFirstWrite(path, [config])).resolves.toEqual([]);
  running.close();
});

test("our own files and new ones are not copied", async () => {
  await expect(backUpBeforeFirstWrite(path)).resolves.toEqual([]);
  await open().then((database) => database.close());
  await expect(backUpBeforeFirstWrite(path)).resolves.toEqual([]);
  await open();
  expect(lines.filter((line) => line.includes("kept a copy"))).toEqual([]);
});

test("after kill -9 in the middle of writes the file opens clean and holds every acknowledged row", async () => {
  const child = spawn(process.execPath, [new URL("testing/endless-writer.ts", import.meta.url).pathname, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let acknowledged = 0;
  for await (const chunk of child.stdout) {
    acknowledged = Number(String(chunk).trim().split("\n").at(-1));
    if (acknowledged > 50) break;
  }
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
  const database = await open();
  await expect(database.integrityCheck()).resolves.toEqual([]);
  const rows = await database.kysely.selectFrom("servers").select("id").execute();
  expect(rows.length).toBeGreaterThanOrEqual(acknowledged);
});
