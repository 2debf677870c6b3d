import { createReadStream } from "node:fs";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, systemCode } from "@windfire/kit";
import { isBackupName } from "./names.ts";
import { pipeToFile } from "./pipe-to-file.ts";

/** Where backups are kept. */
export interface BackupPlace {
  /** Keeps a backup under its name when all of it is there, never half of one. @returns its size in bytes */
  put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** Names of the backups that are kept, at most the newest thousand. */
  names(): Promise<string[]>;
  remove(name: string): Promise<void>;
}

/** A folder on this machine. */
export interface LocalPlace extends BackupPlace {
  list(): Promise<{ readonly name: string; readonly size: number }[]>;
  /** Undefined: there is none of that name. */
  open(name: string): Promise<{ readonly size: number; readonly read: () => AsyncIterable<Uint8Array> } | undefined>;
}

const OWNER_ONLY_FOLDER = 0o700;
const UNFINISHED = ".part";
const MOST_NAMES = 1_000;

export function createLocalPlace(folder: string): LocalPlace {
  const names = async (): Promise<string[]> => {
    try {
      return (await readdir(folder)).filter(isBackupName).toSorted().slice(-MOST_NAMES);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return [];
      throw error;
    }
  };
  return {
    async put(name, bytes) {
      await makeFolder(folder, OWNER_ONLY_FOLDER);
      for (const other of await readdir(folder)) if (other.endsWith(UNFINISHED)) await rm(join(folder, other), { force: true });
      const size = await writeWhole(join(folder, name), bytes);
      await syncFolder(folder);
      return size;
    },
    names,
    remove: (name) => rm(join(folder, name), { force: true }),
    async list() {
      // One that an older backup made room for meanwhile is not there any more.
      const found = (await names()).map(async (name) => ({ name, file: await stat(join(folder, name)).catch(() => undefined) }));
      return (await Promise.all(found)).flatMap(({ name, file }) => (file?.isFile() ? [{ name, size: file.size }] : []));
    },
    async open(name) {
      if (!isBackupName(name)) return undefined;
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      return found?.isFile() ? { size: found.size, read: () => createReadStream(path) } : undefined;
    },
  };
}

/** Writes a file that has its name only when all of it is on the disk. @returns its size in bytes */
export async function writeWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const unfinished = `${path}${UNFINISHED}`;
  try {
    await pipeToFile(bytes, unfinished);
    const { size } = await stat(unfinished);
    await rename(unfinished, path);
    return size;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and keeps names in order by itself.
  if (process.platform === "win32") return;
  await using folder = await open(path, "r");
  await folder.sync();
}
