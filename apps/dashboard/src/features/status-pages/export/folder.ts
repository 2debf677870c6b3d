import { chmod, mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { refuseText } from "#kernel";
import type { CopyFile } from "./files.ts";

/** Says that a folder is ours to write to. */
const MARK = ".windfire-status-page";

/** Whoever serves the copy is somebody else than the dashboard. */
const FOR_ALL = 0o644;
const FOLDER_FOR_ALL = 0o755;

/**
 * Writes a copy into a folder of its own, each file whole or not at all. A folder that holds something else is left alone: what has the names
 * of our files there is somebody's.
 */
export async function writeToFolder(folder: string, files: readonly CopyFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const there = await readdir(folder);
  if (there.length > 0 && !there.includes(MARK)) throw refuseText("export.folder: holds other things: name an empty folder");
  await chmod(folder, FOLDER_FOR_ALL);
  await writeFile(join(folder, MARK), "A status page is written here.\n");
  for (const { name, bytes } of files) {
    const fresh = join(folder, `.${name}.new`);
    await writeFile(fresh, bytes);
    await chmod(fresh, FOR_ALL);
    await rename(fresh, join(folder, name));
  }
}
