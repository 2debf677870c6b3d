import { copyFile, mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "@windfire/kit";

/** Where an existing installation lies, as a path to its configuration and one to its database. */
export interface Places {
  readonly configPath: string;
  readonly databasePath: string;
}

/** What SQLite keeps beside a database; a copy without them may lack the newest rows. */
const BESIDE = ["", "-wal", "-journal"];

/** Size of a file in bytes; `undefined` when there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/** The installation in a folder: files in it, or in `data` below it, as the reference has them. */
export async function findPlaces(folder: string): Promise<Places> {
  const below = join(folder, "data");
  const isBelow = (await sizeOf(join(folder, "sqlite.db"))) === undefined && (await sizeOf(join(below, "sqlite.db"))) !== undefined;
  const data = isBelow ? below : folder;
  return { configPath: join(data, "config.yaml"), databasePath: join(data, "sqlite.db") };
}

/** Copies an installation byte by byte: opening the original, even to read, would make files beside it. */
export async function copyPlaces(places: Places, target: string): Promise<Places> {
  await mkdir(target, { recursive: true });
  const copy = { configPath: join(target, "config.yaml"), databasePath: join(target, "sqlite.db") };
  if ((await sizeOf(places.configPath)) !== undefined) await copyFile(places.configPath, copy.configPath);
  for (const end of BESIDE) {
    if ((await sizeOf(places.databasePath + end)) !== undefined) await copyFile(places.databasePath + end, copy.databasePath + end);
  }
  return copy;
}
