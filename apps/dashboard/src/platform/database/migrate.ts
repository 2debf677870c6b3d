import type { Connection } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";
import type { OwnMigration } from "./own-tables.ts";
import { createIndexText, createTableText } from "./reference-tables.ts";
import type { TableDefinition } from "./reference-tables.ts";

/** Tables the generation before 1.0 kept its probes in. */
const V0_TABLES = ["monitors", "monitor_histories"];

/**
 * Refuses files that this program must not write to: made by a newer version of it, or by the generation before 1.0
 * (spec 41 section 9.4).
 */
export function refuseUnsupported(connection: Connection, knownMigrations: number): void {
  const version = appliedMigrations(connection);
  if (version > knownMigrations) {
    const text = `it was written by a newer version of Windfire (schema ${version}, this version knows ${knownMigrations}): install that version again`;
    throw new DatabaseError("newer", text);
  }
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

/** Our own table of single values. `PRAGMA user_version` is anybody's: we neither read nor write it (spec 41 section 9.1). */
const META = "wf_meta";

/** Number of our own migrations that were applied; 0 in a file that this program has not written to. */
export function appliedMigrations(connection: Connection): number {
  if (!tableNames(connection).has(META)) return 0;
  const row = connection.get(`SELECT value FROM ${META} WHERE key = 'migrations'`, []);
  return Number(row?.["value"] ?? 0);
}

/** Names of the tables, without the engine's own. */
export function tableNames(connection: Connection): ReadonlySet<string> {
  const rows = connection.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'", []);
  return new Set(rows.map((row) => String(row["name"])));
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

function columnNames(connection: Connection, table: string): ReadonlySet<string> {
  const rows = connection.all("SELECT name FROM pragma_table_info(?)", [table]);
  return new Set(rows.map((row) => String(row["name"]).toLowerCase()));
}

/** Applies the migrations of our own tables that are not applied yet. Must run in a transaction. */
export function migrateOwnTables(connection: Connection, migrations: readonly OwnMigration[]): void {
  connection.exec(`CREATE TABLE IF NOT EXISTS ${META} (key TEXT PRIMARY KEY, value TEXT NOT NULL)`);
  const applied = appliedMigrations(connection);
  if (applied >= migrations.length) return;
  for (const migration of migrations.slice(applied)) {
    for (const statement of migration.statements) connection.exec(statement);
  }
  connection.run(`INSERT OR REPLACE INTO ${META} (key, value) VALUES ('migrations', ?)`, [String(migrations.length)]);
}
