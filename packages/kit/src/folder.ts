import { mkdirSync, statSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
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

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
