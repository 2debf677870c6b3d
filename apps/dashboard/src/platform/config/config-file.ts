import { chmod, chown, copyFile, mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import type { Stats } from "node:fs";
import { dirname } from "node:path";

const NEW_FILE_MODE = 0o600;
const NEW_FOLDER_MODE = 0o750;
/** A file that is mounted on its own, or in a folder that may not be written to, can only be written in place. */
const WRITE_IN_PLACE = new Set(["EACCES", "EBUSY", "EPERM", "EROFS", "EXDEV"]);

/** The text of the file; `undefined` when there is none. */
export async function readConfigFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Replaces the file as a whole: what was there before stays beside it as `.bak`, and a crash leaves the old or the new text, never
 * half of one. Mode and owner of an existing file stay; a new one is readable by its owner only (spec 41 section 3).
 */
export async function writeConfigFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: NEW_FOLDER_MODE });
  const target = await realpath(path).catch(() => path);
  const before = await stat(target).catch(() => undefined);
  try {
    if (before !== undefined) await keepPrevious(target, before);
    await replace(target, text, before);
  } catch (error) {
    if (before === undefined || !WRITE_IN_PLACE.has(codeOf(error) ?? "")) throw error;
    await writeFile(target, text);
  }
}

async function keepPrevious(target: string, before: Stats): Promise<void> {
  const copy = `${target}.bak`;
  await copyFile(target, copy);
  await chmod(copy, before.mode & 0o777);
}

async function replace(target: string, text: string, before: Stats | undefined): Promise<void> {
  const temporary = `${target}.tmp`;
  const mode = before === undefined ? NEW_FILE_MODE : before.mode & 0o777;
  try {
    const file = await open(temporary, "w", NEW_FILE_MODE);
    try {
      await file.writeFile(text);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    // Only the superuser may give files away; for everybody else the owner is the same already.
    if (before !== undefined && before.uid !== process.getuid?.()) await chown(temporary, before.uid, before.gid);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
