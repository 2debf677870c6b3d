import { columnNames, DatabaseError, tableNames } from "../engine/index.ts";
import type { Connection } from "../engine/index.ts";
import { createIndexText, createTableText } from "./reference-tables.ts";
import type { TableDefinition } from "./reference-tables.ts";

/** Tables the generation before 1.0 kept its probes in. */
const V0_TABLES = ["monitors", "monitor_histories"];

/** Refuses files that are none of v1 or v2: made by the generation before 1.0, or by somebody else (spec 41 section 9.4). */
export function refuseForeignTables(connection: Connection): void {
  const tables = tableNames(connection);
  if (tables.size === 0) return;
  const tokenColumns = tables.has("api_tokens") ? columnNames(connection, "api_tokens") : new Set<string>();
  const isV0 = V0_TABLES.some((name) => tables.has(name)) || (tokenColumns.has("token") && !tokenColumns.has("token_hash"));
  if (isV0) {
    throw new DatabaseError("unsupported", "it belongs to Nezha v0, which cannot be converted: start with an empty folder");
  }
  if (!tables.has("services")) {
    throw new DatabaseError("unsupported", "it is no database of Nezha v1 or v2: table services is missing");
  }
}

/**
 * Adds what is missing of the reference's tables, columns and indexes, and nothing else: existing text stays as it is, so that the
 * reference finds its own schema again (spec 41 sections 9.3 and 12). Returns what was added.
 */
export function addMissing(connection: Connection, definitions: readonly TableDefinition[]): string[] {
  const tables = tableNames(connection);
  return definitions.flatMap((definition) => {
    const isNew = !tables.has(definition.name);
    if (isNew) connection.exec(createTableText(definition));
    const columns = isNew ? [] : addColumns(connection, definition);
    const indexes = addIndexes(connection, definition);
    return isNew ? [definition.name] : [...columns, ...indexes];
  });
}

function addColumns(connection: Connection, definition: TableDefinition): string[] {
  const existing = columnNames(connection, definition.name);
  const missing = definition.columns.filter((column) => !existing.has(column.name.toLowerCase()));
  for (const column of missing) connection.exec(`ALTER TABLE \`${definition.name}\` ADD ${column.definition}`);
  return missing.map((column) => `${definition.name}.${column.name}`);
}

function addIndexes(connection: Connection, definition: TableDefinition): string[] {
  const rows = connection.all("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", [definition.name]);
  const existing = new Set(rows.map((row) => String(row["name"])));
  const missing = definition.indexes.filter((index) => !existing.has(index.name));
  for (const index of missing) connection.exec(createIndexText(definition.name, index));
  return missing.map((index) => index.name);
}
