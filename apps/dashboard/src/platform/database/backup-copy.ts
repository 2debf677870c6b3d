import { rm, stat } from "node:fs/promises";
import {
  copyDatabase,
  DatabaseError,
  isPostgresAddress,
  namedFailure,
  openConnection,
  realFile,
  refuseUnreadable,
  runMaintenance,
} from "./engine/index.ts";
import { appliedMigrations } from "./migrate-own-tables.ts";
import { ownMigrations } from "./own-migrations.ts";

/** The newest number of our migrations that this program can open. */
export const schemaVersion = ownMigrations.length;

/**
 * Copies a database to be kept: one file of one moment, without a log beside it, looked through by the engine. The original may be in use
 * by this or another process.
 *
 * @param databasePath the file, or the address of a database of PostgreSQL
 * @returns number of our migrations in it, and its size in bytes
 * @throws {DatabaseError} `damaged` when the copy is not sound, `full` when it did not fit
 */
export async function copyForBackup(databasePath: string, target: string): Promise<{ readonly schema: number; readonly size: number }> {
  if (isPostgresAddress(databasePath)) return copyOfPostgres(databasePath, target);
  try {
    const path = await realFile(databasePath);
    await stat(path);
    await refuseUnreadable(path);
    await copyDatabase(path, target);
    await runMaintenance({ path: target, statement: "PRAGMA journal_mode = DELETE" });
    const findings = await runMaintenance({ path: target, statement: "PRAGMA quick_check" });
    const finding = findings.find((each) => each !== "ok");
    if (finding !== undefined) throw new DatabaseError("damaged", `the copy is damaged, as is what was copied: ${finding}`);
    const connection = openConnection(target, { readOnly: true, busyMs: 1_000 });
    try {
      return { schema: appliedMigrations(connection), size: (await stat(target)).size };
    } finally {
      connection.close();
    }
  } catch (error) {
    await rm(target, { force: true });
    throw namedFailure(error, databasePath);
  }
}

/** Bytes of a database, named by its file or its address. */
export async function databaseSize(place: string): Promise<number> {
  if (!isPostgresAddress(place)) return (await stat(place)).size;
  const { sizeOfPostgres } = await import("./postgres/backup.ts");
  return sizeOfPostgres(place);
}

async function copyOfPostgres(address: string, target: string): Promise<{ readonly schema: number; readonly size: number }> {
  const { copyOut } = await import("./postgres/backup.ts");
  await copyOut(address, target);
  return { schema: schemaVersion, size: (await stat(target)).size };
}
