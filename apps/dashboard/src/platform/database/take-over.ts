import { constants } from "node:fs";
import { access, copyFile, rename, rm, stat } from "node:fs/promises";
import { backup } from "node:sqlite";
import { openConnection } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { namedFailure } from "./database-error.ts";
import { appliedMigrations, tableNames } from "./migrate.ts";
import { refuseUnreadable } from "./refuse-unreadable.ts";

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

/** Copies the database with the engine's own backup, so that the copy is whole while the file is in use; never half a file. */
export async function copyDatabase(path: string, target: string): Promise<void> {
  const unfinished = `${target}.part`;
  await rm(unfinished, { force: true });
  const connection = openConnection(path, { busyMs: 1_000 });
  try {
    await backup(connection.raw, unfinished);
  } finally {
    connection.close();
  }
  await rename(unfinished, target);
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
