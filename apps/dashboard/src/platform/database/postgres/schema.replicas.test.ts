import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "@windfire/kit";
import { startPostgres } from "@windfire/testkit";
import type { PostgresServer } from "@windfire/testkit";
import { openConnection } from "../engine/index.ts";
import { prepareFile } from "../prepare-file.ts";
import { openPostgres } from "./open.ts";

const log = { info: () => undefined, warn: () => undefined };
let server: PostgresServer;
let address: string;
beforeAll(async () => {
  server = await startPostgres();
  address = await server.createDatabase("schema");
  await openPostgres({ address, clock: systemClock, log, serviceHistories: true }).then((database) => database.close());
});
afterAll(() => server.remove());

/** Tables with their columns, and indexes that have a name of ours, of an SQLite file with the same migrations. */
function expected() {
  const connection = openConnection(":memory:", { busyMs: 0 });
  prepareFile(connection, { serviceHistories: true });
  const columns = connection.all(
    `SELECT m.name || '.' || c.name AS name FROM sqlite_master AS m, pragma_table_info(m.name) AS c
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    [],
  );
  const indexes = connection.all("SELECT tbl_name || ' ' || name AS name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL", []);
  connection.close();
  return { columns: namesOf(columns), indexes: namesOf(indexes) };
}

const namesOf = (rows: readonly Record<string, unknown>[]): string[] => rows.map((row) => String(row["name"])).toSorted();
const lines = async (sql: string): Promise<string[]> => (await server.query(address, sql)).split("\n").toSorted();

test("every migration applies, and both engines end with the same tables, columns and indexes", async () => {
  const { columns, indexes } = expected();
  const found = await lines(
    `SELECT table_name || '.' || column_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  expect(found).toEqual(columns);
  const named = await lines("SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = 'public'");
  expect(named).toEqual(expect.arrayContaining(indexes));
  // Besides those only what stands for keys and rules of uniqueness.
  expect(named.filter((name) => !indexes.includes(name)).filter((name) => !/_pkey$|_key$|^\w+ uni_/.test(name))).toEqual([]);
});

test("texts are ordered by their code points, whatever the language of the database", async () => {
  const others = await lines(
    `SELECT table_name || '.' || column_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`,
  );
  expect(others).toEqual([""]);
});

test("a second start changes nothing, and a newer schema is refused", async () => {
  const dump = () =>
    server.query(
      address,
      "SELECT string_agg(pg_get_functiondef(oid), '' ORDER BY oid::regprocedure::text) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'",
    );
  const before = await dump();
  await openPostgres({ address, clock: systemClock, log, serviceHistories: true }).then((database) => database.close());
  expect(await dump()).toBe(before);
  await server.query(address, "UPDATE wf_meta SET value = '9999' WHERE key = 'migrations'");
  const opening = openPostgres({ address, clock: systemClock, log, serviceHistories: true });
  await expect(opening).rejects.toMatchObject({ failure: "newer" });
  await expect(opening).rejects.toThrow(/postgres:\/\/127\.0\.0\.1:\d+\/schema: it was written by a newer version/);
});

test.each([
  ["2026-05-18 11:58:03.120934+02:00", 1_779_098_283.120934],
  ["2024-01-02T03:04:05Z", 1_704_164_645],
  ["2024-01-02 03:04:05", 1_704_164_645],
  ["2024-01-02", 1_704_153_600],
  ["2024-02-30 00:00:00", 1_709_251_200],
  ["0001-01-01 00:00:00+00:00", -62_135_596_800],
  ["yesterday", null],
  ["2024-13-01 00:00:00", null],
  ["", null],
  [null, null],
])("the instant of %j is what SQLite reads in it", async (text, seconds) => {
  const connection = openConnection(":memory:", { busyMs: 0 });
  const row = connection.get("SELECT unixepoch(?, 'subsec') AS exact, unixepoch(?) AS whole", [text, text]);
  connection.close();
  const quoted = text === null ? "NULL" : `'${text}'`;
  const answer = await server.query(address, `SELECT unixepoch(${quoted}, 'subsec'), unixepoch(${quoted})`);
  const [exact = "", whole = ""] = answer.split("|");
  const read = (value: string): number | null => (value === "" ? null : Number(value));
  expect(read(whole)).toBe(row?.["whole"]);
  if (seconds === null) expect([read(exact), row?.["exact"]]).toEqual([null, null]);
  else {
    expect(read(exact)).toBeCloseTo(seconds, 3);
    expect(row?.["exact"]).toBeCloseTo(seconds, 2);
  }
});
