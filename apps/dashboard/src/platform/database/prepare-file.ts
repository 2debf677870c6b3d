import type { Connection } from "./engine/index.ts";
import { migrateOwnTables, refuseNewer } from "./migrate-own-tables.ts";
import { addMissing, refuseForeignTables, referenceTables, serviceHistoriesTable } from "./nezha-file/index.ts";
import { ownMigrations } from "./own-migrations.ts";

export interface PrepareOptions {
  /** Whether `service_histories` must exist. */
  readonly serviceHistories: boolean;
  /** Hears what was added. */
  readonly log?: { info(text: string): void };
}

/** Everything that is done to the file before it is used, all of it or nothing. */
export function prepareFile(connection: Connection, options: PrepareOptions): void {
  refuseNewer(connection, ownMigrations.length);
  refuseForeignTables(connection);
  connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  const tables = options.serviceHistories ? [...referenceTables, serviceHistoriesTable] : referenceTables;
  connection.exec("BEGIN IMMEDIATE");
  try {
    const added = addMissing(connection, tables);
    if (added.length > 0) options.log?.info(`added to the database: ${added.join(", ")}`);
    migrateOwnTables(connection, ownMigrations);
    connection.exec("COMMIT");
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}
