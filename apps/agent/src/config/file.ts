import type { Stats } from "node:fs";
import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { makeFolderSync } from "@windfire/kit";
import { isErrorCode } from "../fault.ts";
import { EMPTY_WORDS, formatPlainYaml, parsePlainYaml } from "./plain-yaml.ts";
import type { ConfigDisk, ConfigText } from "./store.ts";

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o750;

/** What Windows does with a folder that only the system, administrators and whoever made it may enter; files in it are like it. */
export type RunTool = (file: string, args: readonly string[]) => { readonly status: number | null };

/** By number: names of groups are translated. Local system, administrators, the owner. */
const WINDOWS_INSIDERS = ["*S-1-5-18", "*S-1-5-32-544", "*S-1-3-4"];

/**
 * Makes the folder of a configuration. Modes mean nothing to Windows, where a new folder below `ProgramData` can be read by everybody.
 *
 * @throws Error when it cannot be closed to others; it is taken away again
 */
export function makeConfigFolder(folder: string, platform: NodeJS.Platform = process.platform, run: RunTool = runTool): void {
  const isNew = !existsSync(folder);
  makeFolderSync(folder, FOLDER_MODE);
  if (platform !== "win32" || !isNew) return;
  const grants = WINDOWS_INSIDERS.map((one) => `${one}:(OI)(CI)F`);
  if (run("icacls.exe", [folder, "/inheritance:r", "/grant:r", ...grants, "/q"]).status === 0) return;
  rmSync(folder, { recursive: true });
  throw new Error(`${folder} cannot be closed to other users (icacls)`);
}

/** Loaded when it is needed: it takes memory, and only Windows does. */
const runTool: RunTool = (file, args) =>
  process.getBuiltinModule("node:child_process").spawnSync(file, [...args], { stdio: "ignore", windowsHide: true });

export const configDisk: ConfigDisk = {
  read: (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      if (isErrorCode(error, "ENOENT")) return undefined;
      throw error;
    }
  },
  replace: (path, text) => {
    makeConfigFolder(dirname(path));
    // A name that nobody can guess: no order gets between the writing and the renaming.
    const owner = statSync(path, { throwIfNoEntry: false });
    const temporary = `${path}.${randomBytes(8).toString("hex")}.new`;
    try {
      writeSafely(temporary, text, owner);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      // A file that is mounted into a container cannot be renamed over, only rewritten.
      if (!isErrorCode(error, "EBUSY")) throw error;
      writeFileSync(path, text, { mode: FILE_MODE });
    }
  },
};

let readAnything: ((text: string) => unknown) | undefined;

/** Every scalar is read as text, so that a secret of digits keeps them all; errors do not quote the file. */
export const configText: ConfigText = {
  parse: async (text) => {
    const plain = parsePlainYaml(text);
    if (plain !== undefined) return plain;
    readAnything ??= await loadReader();
    return readAnything(text);
  },
  parseNow: (text) => {
    const plain = parsePlainYaml(text);
    if (plain !== undefined) return plain;
    if (readAnything === undefined) throw new Error("the file was changed to a form that is read at the next start only");
    return readAnything(text);
  },
  stringify: formatPlainYaml,
};

async function loadReader(): Promise<(text: string) => unknown> {
  const { parse } = await import("yaml");
  return (text) => {
    const values: unknown = parse(text, { schema: "failsafe", maxAliasCount: 0, prettyErrors: false });
    return isMap(values) ? withoutEmptyWords(values) : values;
  };
}

function isMap(values: unknown): values is object {
  return typeof values === "object" && values !== null && !Array.isArray(values);
}

function withoutEmptyWords(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]: [string, unknown]) => [key, EMPTY_WORDS.has(value) ? null : value]));
}

/** @param owner whoever had the file keeps it */
function writeSafely(path: string, text: string, owner: Stats | undefined): void {
  const file = openSync(path, "wx", FILE_MODE);
  try {
    fchmodSync(file, FILE_MODE);
    if (owner !== undefined && owner.uid !== process.getuid?.()) fchownSync(file, owner.uid, owner.gid);
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
