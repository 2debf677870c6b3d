import { mkdtemp, readdir, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@windfire/kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "./index.ts";
import type { Database } from "./index.ts";
import { referenceTables, serviceHistoriesTable } from "./nezha-file/index.ts";
import { createReferenceFile, readSchema } from "./testing/reference-file.ts";
import { statement } from "./testing/statement.ts";

const tables = [...referenceTables, serviceHistoriesTable];
let directory = "";
let path = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-back-"));
  path = join(directory, "sqlite.db");
  createReferenceFile(path);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (): Promise<Database> =>
  openDatabase({ path, clock: systemClock, log: { info: () => undefined, warn: () => undefined }, serviceHistories: true });
const theirs = (): string[] =>
  readSchema(path)
    .texts.filter((text) => !text.includes("wf_"))
    .toSorted();

/** A row of unlike values in every column that is no key. */
function insertEverywhere(run: (sql: string, values: string[]) => void, mark: string): void {
  for (const { name, columns } of tables) {
    const filled = columns.filter((column) => !column.definition.includes("AUTOINCREMENT"));
    const names = filled.map((column) => `\`${column.name}\``).join(",");
    run(
      `INSERT INTO \`${name}\` (${names}) VALUES (${filled.map(() => "?").join(",")})`,
      filled.map((column) => `${mark} ${column.name}`),
    );
  }
}

test("what we write leaves the text of every table and index of the reference, which then writes on, and so do we", async () => {
  const before = theirs();
  const ours = await open();
  const writes: Promise<unknown>[] = [];
  insertEverywhere((sql, values) => writes.push(statement(ours, sql).run(...values)), "ours");
  await Promise.all(writes);
  await ours.vacuum();
  await ours.close();
  expect(theirs()).toEqual(before);
  expect((await readdir(directory)).filter((name) => /-(?:wal|shm|journal)$/.test(name))).toEqual([]);

  const reference = new DatabaseSync(path);
  expect(reference.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
  expect(reference.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  insertEverywhere((sql, values) => reference.prepare(sql).run(...values), "theirs");
  reference.close();

  const again = await open();
  for (const { name } of tables) expect(await statement(again, `SELECT count(*) AS rows FROM \`${name}\``).get()).toEqual({ rows: 2 });
  await again.close();
  expect(theirs()).toEqual(before);
});

test("a table that only we know, and one that only a newer original knows, stay as they are", async () => {
  const file = new DatabaseSync(path);
  file.exec("CREATE TABLE `from_tomorrow` (`id` integer); ALTER TABLE `servers` ADD `tomorrow` text NOT NULL DEFAULT 'x'");
  file.close();
  const before = theirs();
  const ours = await open();
  await ours.kysely.insertInto("servers").values({ user_id: 1, name: "a" }).execute();
  await ours.close();
  expect(theirs()).toEqual(before);
});
