import { constants } from "node:fs";
import { access, copyFile, stat } from "node:fs/promises";
import { copyDatabase, namedFailure, openConnection, refuseUnreadable, tableNames } from "./engine/index.ts";
import type { Connection } from "./engine/index.ts";
import { appliedMigrations } from "./migrate-own-tables.ts";

/**
 * Copies an installation of the reference before anything is written to it (spec 41 section 12): the database, with what waits in
 * its journal, and `otherFiles` (the configuration). Returns the copies made; none when the directory is new, already ours, or was
 * copied in this state before. The copies are named after the time the file was last changed:
 * `sqlite.db.before-windfire-20260518T115803Z`.
 */
export async function backUpBeforeFirstWrite(databasePath: string, otherFiles: readonly string[] = []): Promise<string[]> {
  if (!(await exists(databasePath)) || !(await isForeign(databasePath))) return [];
  const copies: string[] = [];
  for (const file of [databasePath, ...otherFiles]) {
    if (!(await exists(file))) continue;
    const { mtime } = await stat(file);
    const copy = `${file}.before-windfire-${mtime.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
    if (await exists(copy)) continue;
    await (file === databasePath ? copyDatabase(file, copy) : copyFile(file, copy, constants.COPYFILE_EXCL));
    copies.push(copy);
  }
  return copies;
}

/** Holds tables, and none of our migrations was applied. */
async function isForeign(path: string): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    await refuseUnreadable(path);
    connection = openConnection(path, { readOnly: true, busyMs: 1_000 });
    return appliedMigrations(connection) === 0 && tableNames(connection).size > 0;
  } catch (error) {
    throw namedFailure(error, path);
  } finally {
    connection?.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
