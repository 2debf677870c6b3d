import { openConnection } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";

/** Held as long as a dashboard uses the database. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the lock of the database at `path`, or fails with `in-use`. The lock is an exclusive transaction on a small file beside the
 * database: it ends with the process, however that ends, and never has to be removed by hand.
 */
export function lockDirectory(path: string): DirectoryLock {
  const connection = openConnection(`${path}.lock`, { busyMs: 0 });
  try {
    connection.exec("PRAGMA journal_mode = MEMORY");
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (error instanceof DatabaseError && error.failure === "busy") {
      throw new DatabaseError("in-use", `another dashboard is running on ${path}`, { cause: error });
    }
    throw error;
  }
  return { release: () => connection.close() };
}
