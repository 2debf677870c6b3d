import type { Client } from "pg";
import { DatabaseError } from "../engine/index.ts";
import type { Connection } from "../engine/index.ts";
import { createPostgresWriter, postgresGiven, postgresRows, postgresTables, setPostgresGiven } from "./postgres-rows.ts";
import { createSqliteWriter, setSqliteGiven, sqliteGiven, sqliteRows, sqliteTables } from "./sqlite-rows.ts";
import { createTally, fitted } from "./values.ts";
import type { ColumnType, Value } from "./values.ts";

/** What was moved. */
export interface Moved {
  /** Rows by table. */
  readonly rows: ReadonlyMap<string, number>;
  /** Columns with values that were none of their kind, and how many of them were rewritten (`fitted`). */
  readonly rewritten: ReadonlyMap<string, number>;
  /** Tables and columns that this program does not know. */
  readonly leftBehind: readonly string[];
}

/** Copies every row into tables that are empty, and reads both sides again. @throws when they are not the same */
export async function copyToPostgres(connection: Connection, client: Client): Promise<Moved> {
  const there = sqliteTables(connection);
  const tables = await postgresTables(client);
  const rows = new Map<string, number>();
  const rewritten = new Map<string, number>();
  const leftBehind = [...there.keys()].filter((table) => !tables.has(table)).map((table) => `table ${table}`);
  // Its one row, the number of migrations, comes with the others.
  await client.query("DELETE FROM wf_meta");
  for (const [table, all] of tables) {
    const names = there.get(table);
    if (names === undefined) continue;
    const known = new Map(all.map((column) => [column.name, column]));
    leftBehind.push(...names.filter((name) => !known.has(name.toLowerCase())).map((name) => `column ${table}.${name}`));
    const columns = names.map((name) => known.get(name.toLowerCase())).filter((column) => column !== undefined);
    const [source, target] = [createTally(columns), createTally(columns)];
    const write = createPostgresWriter(client, table, columns);
    const fit = (value: Value, at: number): Value => {
      const column = columns[at] as ColumnType;
      const made = fitted(value, column);
      if (made !== value && !isSame(made, value))
        rewritten.set(`${table}.${column.name}`, (rewritten.get(`${table}.${column.name}`) ?? 0) + 1);
      return made;
    };
    const sqliteNames = names.filter((name) => known.has(name.toLowerCase()));
    for await (const batch of sqliteRows(connection, table, sqliteNames)) {
      const made = batch.map((row) => row.map(fit));
      for (const row of made) source.add(row);
      await write(made);
    }
    for await (const batch of postgresRows(client, table, columns)) for (const row of batch) target.add(row);
    requireSame(table, source, target);
    rows.set(table, source.rows);
  }
  await setPostgresGiven(client, sqliteGiven(connection));
  return { rows, rewritten, leftBehind };
}

/** Copies every row into a file whose tables are empty, and reads both sides again. @throws when they are not the same */
export async function copyToSqlite(client: Client, connection: Connection): Promise<Moved> {
  const there = sqliteTables(connection);
  const rows = new Map<string, number>();
  const leftBehind: string[] = [];
  connection.exec("BEGIN IMMEDIATE; DELETE FROM wf_meta");
  for (const [table, all] of await postgresTables(client)) {
    const known = there.get(table);
    if (known === undefined) {
      leftBehind.push(`table ${table}`);
      continue;
    }
    const columns = all.filter(({ name }) => known.includes(name));
    leftBehind.push(...all.filter(({ name }) => !known.includes(name)).map(({ name }) => `column ${table}.${name}`));
    const names = columns.map(({ name }) => name);
    const [source, target] = [createTally(columns), createTally(columns)];
    const write = createSqliteWriter(connection, table, names);
    for await (const batch of postgresRows(client, table, columns)) {
      for (const row of batch) source.add(row);
      write(batch);
    }
    for await (const batch of sqliteRows(connection, table, names)) {
      for (const row of batch) target.add(row.map((value, at) => fitted(value, columns[at] as ColumnType)));
    }
    requireSame(table, source, target);
    rows.set(table, source.rows);
  }
  setSqliteGiven(connection, await postgresGiven(client));
  connection.exec("COMMIT");
  return { rows, rewritten: new Map(), leftBehind };
}

type Tally = ReturnType<typeof createTally>;

function requireSame(table: string, source: Tally, target: Tally): void {
  if (source.digest !== target.digest) {
    throw new DatabaseError(
      "other",
      `table ${table} is not the same on both sides (${source.rows} and ${target.rows} rows): nothing was moved`,
    );
  }
}

/** Not a change of what is meant: a whole number is one, however it is kept. */
function isSame(made: Value, value: Value): boolean {
  return (
    (typeof made === "bigint" || typeof made === "number") &&
    (typeof value === "bigint" || typeof value === "number") &&
    Number(made) === Number(value)
  );
}
