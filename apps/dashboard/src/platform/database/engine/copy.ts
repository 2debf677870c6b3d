import { rename, rm } from "node:fs/promises";
import { backup } from "node:sqlite";
import { openConnection } from "./connection.ts";

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
