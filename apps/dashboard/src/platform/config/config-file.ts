import { readFile, realpath, stat } from "node:fs/promises";
import type { Stats } from "node:fs";
import { dirname } from "node:path";
import { makeFolder, reasonOf, systemCode } from "@windfire/kit";
import { configDisk } from "./config-disk.ts";
import type { ConfigDisk } from "./config-disk.ts";
import { ConfigError } from "./config-error.ts";

/** Byte order mark, as editors on Windows put it before the first line. */
const MARK = Buffer.from("\ufeff");
const NEW_FILE_MODE = 0o600;
const NEW_FOLDER_MODE = 0o750;
/** A file that is mounted on its own, or in a folder that may not be written to, can only be written in place. */
const WRITE_IN_PLACE = new Set(["EACCES", "EBUSY", "EPERM", "EROFS", "EXDEV"]);

/** The text of the file without its byte order mark; `undefined` when there is none. Fails with `ConfigError` when it cannot be read or is not UTF-8. */
export async function readConfigFile(path: string): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw new ConfigError(`cannot read the configuration ${path}: ${reasonOf(error)}`, { cause: error });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ConfigError(`the configuration ${path} is not UTF-8 text: save it as UTF-8`, { cause: error });
  }
}

/**
 * Replaces the file as a whole: what was there before stays beside it as `.bak`, and a crash leaves the old or the new text, never
 * half of one. Mode, owner and byte order mark of an existing file stay; a new one is readable by its owner only (spec 41 section 3). Fails with
 * `ConfigError`; then the file is as it was.
 */
export async function writeConfigFile(path: string, text: string, disk: ConfigDisk = configDisk): Promise<void> {
  try {
    await makeFolder(dirname(path), NEW_FOLDER_MODE);
    const target = await realpath(path).catch(() => path);
    const before = await present(target);
    const isMarked = before !== undefined && MARK.equals(before.bytes.subarray(0, MARK.length));
    await write(disk, target, isMarked ? Buffer.concat([MARK, Buffer.from(text)]) : Buffer.from(text), before);
  } catch (error) {
    throw new ConfigError(`cannot write the configuration ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

interface Present {
  readonly bytes: Uint8Array;
  readonly stats: Stats;
}

async function present(target: string): Promise<Present | undefined> {
  try {
    return { bytes: await readFile(target), stats: await stat(target) };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function write(disk: ConfigDisk, target: string, bytes: Uint8Array, before: Present | undefined): Promise<void> {
  try {
    if (before !== undefined) await replace(disk, `${target}.bak`, before.bytes, before.stats);
    await replace(disk, target, bytes, before?.stats);
    await disk.syncFolder(dirname(target));
  } catch (error) {
    if (before === undefined || !WRITE_IN_PLACE.has(systemCode(error) ?? "")) throw error;
    await overwrite(disk, target, bytes, before.bytes);
  }
}

async function replace(disk: ConfigDisk, target: string, bytes: Uint8Array, like: Stats | undefined): Promise<void> {
  const temporary = `${target}.tmp`;
  try {
    await disk.write(temporary, bytes, like === undefined ? NEW_FILE_MODE : like.mode & 0o777);
    // Only the superuser may give files away; for everybody else the owner is the same already.
    if (like !== undefined && like.uid !== process.getuid?.()) await disk.chown(temporary, like.uid, like.gid);
    await disk.rename(temporary, target);
  } catch (error) {
    await disk.remove(temporary);
    throw error;
  }
}

/** The only copy is written over: what was there goes back when the new text does not fit. */
async function overwrite(disk: ConfigDisk, target: string, bytes: Uint8Array, before: Uint8Array): Promise<void> {
  try {
    await disk.overwrite(target, bytes);
  } catch (error) {
    await disk.overwrite(target, before).catch(() => undefined);
    throw error;
  }
}
