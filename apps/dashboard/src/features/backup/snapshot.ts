import { randomBytes } from "node:crypto";
import { copyFile, link, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { freeBytes, reasonOf, systemCode } from "@windfire/kit";
import { isInstallationFile } from "#platform/backup-file";
import type { FileToBackUp } from "#platform/backup-file";
import { copyForBackup, databaseSize } from "#platform/database";
import { KEY_FILE } from "#platform/sealing";
import { SPARE_BYTES } from "./spare-bytes.ts";

/** Where an installation lies. */
export interface Installation {
  readonly configPath: string;
  /** File of the database; key and history lie beside it, wherever the rows are. */
  readonly databasePath: string;
  /** Of PostgreSQL, when that keeps the rows. Holds a password. */
  readonly databaseAddress?: string;
}

/** An installation as it is at one moment, in files that do not change any more. */
export interface Snapshot {
  readonly files: readonly FileToBackUp[];
  /** Number of our migrations in the database. */
  readonly schema: number;
  /** 32 secret bytes to sign the list with. */
  readonly signingSeed: Uint8Array;
  readonly totalBytes: number;
  /** Removes what was kept for it. */
  remove(): Promise<void>;
}

/** Folders of snapshots begin like this; they lie beside the database, so that files can be linked. */
const PREFIX = ".windfire-backup-";
const OLD_MS = 86_400_000;
const KEY_BYTES = 32;
const OWNER_ONLY = 0o700;
/** The history renames files now and then; looked at again this often. */
const MOST_LOOKS = 20;
/** What the history makes; what else lies in its folder is not taken, for no restore would take it. */
const HISTORY_FILE = /\.(?:log|seg|dat)$/;

/**
 * Takes a snapshot while a dashboard runs, be it this process or another: the database by its own engine, as an SQLite file whichever keeps it, the files of the history by
 * links, which hold on to files that are replaced meanwhile. Of a log that grows its length now counts.
 *
 * @throws when something cannot be read, or a copy of the database does not fit
 */
export async function takeSnapshot({ configPath, databasePath, databaseAddress = databasePath }: Installation): Promise<Snapshot> {
  const folder = dirname(databasePath);
  await removeOldSnapshots(folder);
  await requireSpace(folder, await databaseSize(databaseAddress));
  const kept = await mkdtemp(join(folder, PREFIX));
  const remove = (): Promise<void> => rm(kept, { recursive: true, force: true });
  try {
    const files: FileToBackUp[] = [];
    const config = await copied(configPath, join(kept, "config.yaml"));
    if (config !== undefined) files.push({ name: "config.yaml", ...config });
    const key = await copied(join(folder, KEY_FILE), join(kept, KEY_FILE));
    if (key !== undefined) files.push({ name: KEY_FILE, ...key });
    const database = join(kept, "sqlite.db");
    const { schema, size } = await copyForBackup(databaseAddress, database);
    files.push({ name: "sqlite.db", path: database, size }, ...(await linkHistory(join(folder, "history"), join(kept, "history"))));
    // A folder of the reference has no key: its list is signed all the same, by nobody in particular.
    const signingSeed = key?.size === KEY_BYTES ? await readFile(key.path) : randomBytes(KEY_BYTES);
    return { files, schema, signingSeed, totalBytes: files.reduce((sum, file) => sum + file.size, 0), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function copied(path: string, target: string): Promise<{ path: string; size: number } | undefined> {
  try {
    await copyFile(path, target);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw new Error(`cannot back up ${path}: ${reasonOf(error)}`, { cause: error });
  }
  return { path: target, size: (await stat(target)).size };
}

/** Looked at until two looks show the same: nothing was renamed or replaced while the links were made. */
async function linkHistory(folder: string, target: string): Promise<FileToBackUp[]> {
  let before = await namesIn(folder);
  for (let look = 0; look < MOST_LOOKS; look++) {
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { mode: OWNER_ONLY });
    const isWhole = await linkAll(folder, target, before);
    const after = await namesIn(folder);
    if (isWhole && after.join("/") === before.join("/")) {
      const files = before.map(async (name) => ({
        name: `history/${name}`,
        path: join(target, name),
        size: (await stat(join(target, name))).size,
      }));
      return Promise.all(files);
    }
    before = after;
  }
  throw new Error("the history does not hold still for a backup");
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => isInstallationFile(`history/${name}`) && HISTORY_FILE.test(name)).toSorted();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw new Error(`cannot back up ${folder}: ${reasonOf(error)}`, { cause: error });
  }
}

/** False: a file went away meanwhile. Where nothing can be linked, files are copied. */
async function linkAll(folder: string, target: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    try {
      await link(join(folder, name), join(target, name)).catch((error: unknown) => {
        if (systemCode(error) === "ENOENT") throw error;
        return copyFile(join(folder, name), join(target, name));
      });
    } catch (error) {
      if (systemCode(error) === "ENOENT") return false;
      throw new Error(`cannot back up ${join(folder, name)}: ${reasonOf(error)}`, { cause: error });
    }
  }
  return true;
}

async function requireSpace(folder: string, size: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free < size + SPARE_BYTES) {
    throw new Error(`a backup takes ${size + SPARE_BYTES} free bytes beside the database, and there are ${free}`);
  }
}

/** What a backup that was killed has left behind. */
async function removeOldSnapshots(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(PREFIX)) continue;
    const { mtimeMs } = await lstat(join(folder, name)).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > OLD_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}
