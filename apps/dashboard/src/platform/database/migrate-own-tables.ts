import { DatabaseError, tableNames } from "./engine/index.ts";
import type { Connection } from "./engine/index.ts";
import type { OwnMigration } from "./own-migrations.ts";

/** Refuses files that a newer version of this program has written to. */
export function refuseNewer(connection: Connection, knownMigrations: number): void {
  const version = appliedMigrations(connection);
  if (version <= knownMigrations) return;
  throw new DatabaseError("newer", newerText(version, knownMigrations));
}

/** Why a database that a newer version has written to is refused. */
export function newerText(version: number, known: number): string {
  return `it was written by a newer version of Windfire (schema ${version}, this version knows ${known}): install that version again`;
}

/** Our own table of single values. `PRAGMA user_version` is anybody's: we neither read nor write it (spec 41 section 9.1). */
const META = "wf_meta";

/** Number of our own migrations that were applied; 0 in a file that this program has not written to. */
export function appliedMigrations(connection: Connection): number {
  if (!tableNames(connection).has(META)) return 0;
  const row = connection.get(`SELECT value FROM ${META} WHERE key = 'migrations'`, []);
  return Number(row?.["value"] ?? 0);
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
