import { rename, rm } from "node:fs/promises";
import { backup } from "node:sqlite";
import { openConnection } from "./connection.ts";

const PAGES_AT_ONCE = 1_000;

/**
 * Copies the database with the engine's own backup, so that the copy is whole while the file is in use; never half a file. It is that of
 * one moment: without a transaction that reads, every commit of somebody else would begin the copy anew.
 */
export async function copyDatabase(path: string, target: string): Promise<void> {
  const unfinished = `${target}.part`;
  await rm(unfinished, { force: true });
  const connection = openConnection(path, { busyMs: 1_000 });
  try {
    connection.exec("BEGIN");
    connection.get("SELECT count(*) FROM sqlite_master", []);
    await backup(connection.raw, unfinished, { rate: PAGES_AT_ONCE });
    connection.exec("COMMIT");
  } finally {
    connection.close();
  }
  await rename(unfinished, target);
}
