import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { makeFolderSync } from "@windfire/kit";

/** A file of the store. Reading and writing block the caller: the store runs where that delays nobody. */
export interface DiskFile {
  /** Fills `into` from `position`; returns the number of bytes read, fewer only at the end of the file. */
  read(into: Uint8Array, position: number): number;
  /** Writes all bytes at `position`. Throws when not all of them could be written. */
  write(bytes: Uint8Array, position: number): void;
  size(): number;
  truncate(length: number): void;
  /** Resolves when what was written has reached the disk. */
  sync(): Promise<void>;
  close(): void;
}

/** What the store needs of a file system. Paths are absolute; failures are thrown as the system's errors. */
export interface Disk {
  /** Creates the folder and its parents where missing. */
  ensureFolder(path: string): void;
  /** Names of the files in the folder. */
  list(path: string): string[];
  /** Opens a file for reading and writing; `create` makes it, empty, where missing. */
  open(path: string, mode: "read" | "write" | "create"): DiskFile;
  rename(from: string, to: string): void;
  /** Removes a file; nothing happens when there is none. */
  remove(path: string): void;
  /** Makes created, renamed and removed names in the folder last. */
  syncFolder(path: string): Promise<void>;
  /** Bytes that may still be written on the file system of the folder. */
  freeBytes(path: string): number;
}

const FLAGS = { read: "r", write: "r+", create: "w+" } as const;

/** The machine's file system. */
export const nodeDisk: Disk = {
  ensureFolder: (path) => makeFolderSync(path, 0o750),
  list: (path) => fs.readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : [])),
  open: (path, mode) => nodeFile(fs.openSync(path, FLAGS[mode], 0o640)),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.rmSync(path, { force: true }),
  syncFolder: async (path) => {
    // Windows cannot open folders; its file systems journal names by themselves.
    if (process.platform === "win32") return;
    const handle = await fs.promises.open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  freeBytes: (path) => {
    const { bavail, bsize } = fs.statfsSync(path);
    return bavail * bsize;
  },
};

function nodeFile(fd: number): DiskFile {
  return {
    read: (into, position) => {
      let done = 0;
      while (done < into.length) {
        const bytes = fs.readSync(fd, into, done, into.length - done, position + done);
        if (bytes === 0) break;
        done += bytes;
      }
      return done;
    },
    write: (bytes, position) => {
      let done = 0;
      while (done < bytes.length) done += fs.writeSync(fd, bytes, done, bytes.length - done, position + done);
    },
    size: () => fs.fstatSync(fd).size,
    truncate: (length) => fs.ftruncateSync(fd, length),
    sync: () =>
      new Promise((resolve, reject) => {
        fs.fdatasync(fd, (error) => (error === null ? resolve() : reject(error)));
      }),
    close: () => fs.closeSync(fd),
  };
}

/** Writes a whole file so that after a crash either the old or the new content is there. */
export async function replaceFile(disk: Disk, path: string, content: Uint8Array): Promise<void> {
  const draft = `${path}.tmp`;
  const file = disk.open(draft, "create");
  try {
    file.write(content, 0);
    await file.sync();
  } finally {
    file.close();
  }
  disk.rename(draft, path);
  await disk.syncFolder(dirname(path));
}

/** Path of a file in the store's folder. */
export function pathIn(folder: string, name: string): string {
  return join(folder, name);
}
