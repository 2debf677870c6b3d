import { copyFile, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder, syncFolder, systemCode } from "@windfire/kit";
import { UNFINISHED } from "../whole-file.ts";

/** The steps by which one installation takes the place of another, each of which may be the last one before the power goes. */
export interface SwapDisk {
  makeFolder(path: string): Promise<void>;
  /** Nothing happens where there is nothing to move. */
  move(from: string, to: string): Promise<void>;
  /** Puts a copy under a name, whole or not at all. Nothing happens where there is nothing to copy. */
  copy(from: string, to: string): Promise<void>;
  writeWhole(path: string, text: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** Where the files of an installation really lie; tests have one whose process ends at any step. */
export const swapDisk: SwapDisk = {
  makeFolder: (path) => makeFolder(path, OWNER_ONLY_FOLDER),
  move: (from, to) => unlessMissing(rename(from, to)),
  async copy(from, to) {
    const unfinished = `${to}${UNFINISHED}`;
    try {
      await copyFile(from, unfinished);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return;
      throw error;
    }
    await using file = await open(unfinished, "r+");
    await file.chmod(OWNER_ONLY_FILE);
    await file.sync();
    // A file that a container has as a mount of its own keeps its name, and takes other bytes.
    await rename(unfinished, to).catch(() => overwrite(unfinished, to));
    await syncFolder(dirname(to));
  },
  async writeWhole(path, text) {
    const unfinished = `${path}${UNFINISHED}`;
    await writeFile(unfinished, text, { mode: OWNER_ONLY_FILE, flush: true });
    await rename(unfinished, path);
  },
  syncFolder,
  remove: (path) => rm(path, { recursive: true, force: true }),
};

async function overwrite(from: string, to: string): Promise<void> {
  const bytes = await readFile(from);
  await using file = await open(to, "r+");
  await file.writeFile(bytes);
  await file.truncate(bytes.byteLength);
  await file.sync();
  await rm(from, { force: true });
}

async function unlessMissing(step: Promise<void>): Promise<void> {
  await step.catch((error: unknown) => {
    if (systemCode(error) !== "ENOENT") throw error;
  });
}
