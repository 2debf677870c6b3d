import { chown, open, rename, rm } from "node:fs/promises";
import { syncFolder } from "@windfire/kit";

/** The steps by which a file is written, each of which may be the last one before the power goes. */
export interface ConfigDisk {
  /** Writes a file that nobody reads yet, whole and onto the disk. */
  write(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  chown(path: string, uid: number, gid: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Puts new names in a folder onto the disk. */
  syncFolder(path: string): Promise<void>;
  /** Replaces the bytes of a file that is there, without a moment in which it is empty. */
  overwrite(path: string, bytes: Uint8Array): Promise<void>;
}

const OWNER_ONLY = 0o600;

export const configDisk: ConfigDisk = {
  write: async (path, bytes, mode) => {
    await using file = await open(path, "w", OWNER_ONLY);
    await file.writeFile(bytes);
    await file.chmod(mode);
    await file.sync();
  },
  chown,
  rename,
  remove: (path) => rm(path, { force: true }),
  syncFolder,
  overwrite: async (path, bytes) => {
    await using file = await open(path, "r+");
    await file.writeFile(bytes);
    await file.truncate(bytes.byteLength);
    await file.sync();
  },
};
