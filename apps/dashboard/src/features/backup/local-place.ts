import { createReadStream } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, syncFolder, systemCode } from "@windfire/kit";
import { isBackupName } from "./names.ts";
import { UNFINISHED, writeWhole } from "./whole-file.ts";

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
