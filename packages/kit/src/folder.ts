import { mkdirSync, statSync } from "node:fs";
import { mkdir, open, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./system-error.ts";

/**
 * Makes a folder with those above it, where they are missing. The runtime's own way of doing so never comes back from file systems that
 * answer "no such file" to whoever makes a folder (`/proc`).
 */
export async function makeFolder(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (await isFolder(path)) return;
    const above = dirname(path);
    if (systemCode(error) !== "ENOENT" || above === path || (await isFolder(above))) throw error;
    await makeFolder(above, mode);
    await makeFolder(path, mode);
  }
}

/** The same without waiting, for where nothing else can go on meanwhile. */
export function makeFolderSync(path: string, mode: number): void {
  const isThere = (folder: string): boolean => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (isThere(path)) return;
    const above = dirname(path);
    if (systemCode(error) !== "ENOENT" || above === path || isThere(above)) throw error;
    makeFolderSync(above, mode);
    makeFolderSync(path, mode);
  }
}

/** Puts the names in a folder onto the disk: a file that was made or renamed there has its name from then on, also after a power cut. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and keeps names in order by itself.
  if (process.platform === "win32") return;
  await using folder = await open(path, "r");
  await folder.sync();
}

/** Bytes that whoever runs this may still write where a folder lies. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
