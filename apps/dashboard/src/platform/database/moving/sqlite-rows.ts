import { setImmediate as yieldToOthers } from "node:timers/promises";
import { tableNames } from "../engine/index.ts";
import type { Connection } from "../engine/index.ts";
import type { Value } from "./values.ts";

/** Rows that are read or written before others have a turn. */
const ROWS_AT_ONCE = 500;

/** Tables of a file with their columns in order, by names in small letters. */
export function sqliteTables(connection: Connection): ReadonlyMap<string, readonly string[]> {
  const columns = (table: string) => connection.all("SELECT name FROM pragma_table_info(?)", [table]);
  return new Map([...tableNames(connection)].map((table) => [table, columns(table).map((row) => String(row["name"]))]));
}

/** All rows of a table, some at a time; whole numbers are `bigint`. */
export async function* sqliteRows(connection: Connection, table: string, columns: readonly string[]): AsyncGenerator<Value[][]> {
  const statement = connection.raw.prepare(`SELECT ${columns.map(quoted).join(", ")} FROM ${quoted(table)}`);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  let batch: Value[][] = [];
  for (const row of statement.iterate() as Iterable<unknown>) {
    batch.push(row as Value[]);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield batch;
    batch = [];
    await yieldToOthers();
  }
  if (batch.length > 0) yield batch;
}

/** Writes rows in the open transaction. */
export function createSqliteWriter(connection: Connection, table: string, columns: readonly string[]): (rows: readonly Value[][]) => void {
  const marks = columns.map(() => "?").join(", ");
  const statement = connection.raw.prepare(`INSERT INTO ${quoted(table)} (${columns.map(quoted).join(", ")}) VALUES (${marks})`);
  return (rows) => {
    for (const row of rows) statement.run(...row);
  };
}

/** The highest id that each table ever gave. */
export function sqliteGiven(connection: Connection): ReadonlyMap<string, bigint> {
  const rows = connection.all("SELECT name, CAST(seq AS TEXT) AS seq FROM sqlite_sequence", []);
  return new Map(rows.map((row) => [String(row["name"]), BigInt(String(row["seq"]))]));
}

export function setSqliteGiven(connection: Connection, given: ReadonlyMap<string, bigint>): void {
  for (const [table, last] of given) {
    connection.run("DELETE FROM sqlite_sequence WHERE name = ?", [table]);
    connection.run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, last]);
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
