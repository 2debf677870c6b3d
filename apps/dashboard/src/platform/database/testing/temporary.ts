import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@windfire/kit";
import { createFakeClock } from "@windfire/testkit";
import { openDatabase } from "../open-database.ts";
import type { Database } from "../database.ts";
import { temporaryPlace } from "./place.ts";

/** A database in a folder of its own. */
export interface TemporaryDatabase {
  readonly database: Database;
  readonly directory: string;
  readonly path: string;
  /** Closes the database and removes the folder. */
  remove(): Promise<void>;
}

/** Opens an empty database for a test: real SQLite and a real file, or where {@link temporaryPlace} says. */
export async function openTemporaryDatabase(options: { clock?: Clock } = {}): Promise<TemporaryDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "windfire-database-"));
  const { path, giveBack } = await temporaryPlace(join(directory, "sqlite.db"));
  const log = { info: () => undefined, warn: () => undefined };
  const database = await openDatabase({ path, clock: options.clock ?? createFakeClock(), log, serviceHistories: true });
  const remove = async (): Promise<void> => {
    await database.close();
    await rm(directory, { recursive: true, force: true });
    giveBack();
  };
  return { database, directory, path, remove };
}
