import { readFile } from "node:fs/promises";
import { createFakeClock } from "@windfire/testkit";
import type { Database } from "../database.ts";
import { openTemporaryDatabase } from "./temporary.ts";

/**
 * For tests: bytes of database files, filled once for each key, at a time in Unix milliseconds. Making one takes longer than a short scene.
 */
export function createPreparedFiles<T>(at: number, keyOf: (what: T) => string, fill: (database: Database, what: T) => Promise<void>) {
  const made = new Map<string, Promise<Buffer>>();
  const make = async (what: T): Promise<Buffer> => {
    const { database, path, remove } = await openTemporaryDatabase({ clock: createFakeClock(at) });
    try {
      await fill(database, what);
      await database.close();
      return await readFile(path);
    } finally {
      await remove();
    }
  };
  return (what: T): Promise<Buffer> => {
    const key = keyOf(what);
    const known = made.get(key) ?? make(what);
    made.set(key, known);
    return known;
  };
}
