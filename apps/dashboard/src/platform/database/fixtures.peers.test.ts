import { chmod, copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock } from "@windfire/kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase, readTime } from "./index.ts";
import { referenceTables } from "./nezha-file/index.ts";
import { readSchema } from "./testing/reference-file.ts";
import { statement } from "./testing/statement.ts";

const shared = process.env["WINDFIRE_SHARED"] ?? resolve(import.meta.dirname, "../../../../../../shared");
const fixtures = join(shared, "fixtures");
const names = existsSync(fixtures) ? (await readdir(fixtures)).filter((name) => existsSync(join(fixtures, name, "sqlite.db"))) : [];
const log = { info: () => undefined, warn: () => undefined };
let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-fixture-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function textsOf(name: string): Promise<string[]> {
  const text = await readFile(join(fixtures, name, "schema.sql"), "utf8");
  return text.split(";\n").filter((line) => line !== "" && !line.includes("sqlite_sequence"));
}

test("a new database has the text of one that the reference made", async () => {
  const path = join(directory, "sqlite.db");
  await openDatabase({ path, clock: systemClock, log, serviceHistories: true }).then((database) => database.close());
  const ours = readSchema(path).texts.filter((text) => !text.includes("wf_") && !text.includes("sqlite_sequence"));
  expect(ours.toSorted()).toEqual((await textsOf("nezha-2.3.7")).toSorted());
});

test.each(names)("%s opens, lists every table, and is handed back with its schema", async (name) => {
  const path = join(directory, "sqlite.db");
  await copyFile(join(fixtures, name, "sqlite.db"), path);
  await chmod(path, 0o644);
  const before = await textsOf(name);
  const serviceHistories = before.some((text) => text.includes("`service_histories`"));
  const database = await openDatabase({ path, clock: systemClock, log, serviceHistories });
  for (const { name: table, columns } of referenceTables) {
    const rows = await statement(database, `SELECT * FROM \`${table}\``).all();
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(expect.arrayContaining(columns.map((column) => column.name)));
      if (typeof row["created_at"] === "string") expect(readTime(row["created_at"]).epochMs).toBeGreaterThan(0);
    }
  }
  await expect(database.integrityCheck()).resolves.toEqual([]);
  await database.close();
  const after = readSchema(path);
  const kept = name.includes("1.14") ? before.filter((text) => text.includes("INDEX")) : before;
  expect(after.texts).toEqual(expect.arrayContaining(kept));
  expect(after.journal).toBe("delete");
  expect((await readdir(directory)).filter((file) => /-(?:wal|shm|journal)$/.test(file))).toEqual([]);
});
