import { stat } from "node:fs/promises";
import { openConnection } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { DatabaseError } from "../database-error.ts";

/** Held as long as a dashboard uses the database. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the lock of the database at `path`, which has to be its real one, or fails with `in-use`. The lock is an exclusive transaction
 * on a small file beside the database: it ends with the process, however that ends, and never has to be removed by hand.
 */
export async function lockDirectory(path: string): Promise<DirectoryLock> {
  const connection = openConnection(`${path}.lock`, { busyMs: 0 });
  try {
    refuseWhenBusy(() => connection.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE"));
    await refuseSecondName(path);
  } catch (error) {
    connection.close();
    throw error;
  }
  return { release: () => connection.close() };
}

/**
 * The same file under another name (a hard link) has another lock beside it. Whoever has a database of ours open holds a lock on the
 * file itself, which an exclusive one does not get past.
 */
async function refuseSecondName(path: string): Promise<void> {
  const names = await stat(path).then(
    ({ nlink }) => nlink,
    () => 0,
  );
  if (names < 2) return;
  let connection: Connection | undefined;
  try {
    connection = openConnection(path, { busyMs: 0 });
    const { exec } = connection;
    refuseWhenBusy(() => exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; ROLLBACK"));
  } finally {
    connection?.close();
  }
}

function refuseWhenBusy(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.failure !== "busy") throw error;
    throw new DatabaseError("in-use", "another dashboard is running on it", { cause: error });
  }
}
