import type { Stats } from "node:fs";
import {
  closeSync,
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
    makeFolderSync(dirname(path), FOLDER_MODE);
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
