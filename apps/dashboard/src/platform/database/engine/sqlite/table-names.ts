import type { Connection } from "./connection.ts";

/** Names of the tables, without the engine's own. */
export function tableNames(connection: Connection): ReadonlySet<string> {
  const rows = connection.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'", []);
  return new Set(rows.map((row) => String(row["name"])));
}

/** Names of a table's columns in lower case, as the engine compares them. */
export function columnNames(connection: Connection, table: string): ReadonlySet<string> {
  const rows = connection.all("SELECT name FROM pragma_table_info(?)", [table]);
  return new Set(rows.map((row) => String(row["name"]).toLowerCase()));
}
