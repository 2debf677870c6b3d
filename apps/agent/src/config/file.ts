import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
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
    mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
    const temporary = `${path}.new`;
    writeSafely(temporary, text);
    try {
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      // A file that is mounted into a container cannot be renamed over, only rewritten.
      if (!isErrorCode(error, "EBUSY")) throw error;
      writeFileSync(path, text, { mode: FILE_MODE });
    }
  },
};

/** Every scalar is read as text, so that a secret of digits keeps them all; errors do not quote the file. */
export const configText: ConfigText = {
  parse: async (text) => {
    const plain = parsePlainYaml(text);
    if (plain !== undefined) return plain;
    const { parse } = await import("yaml");
    const values: unknown = parse(text, { schema: "failsafe", maxAliasCount: 0, prettyErrors: false });
    return isMap(values) ? withoutEmptyWords(values) : values;
  },
  stringify: formatPlainYaml,
};

function isMap(values: unknown): values is object {
  return typeof values === "object" && values !== null && !Array.isArray(values);
}

function withoutEmptyWords(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]: [string, unknown]) => [key, EMPTY_WORDS.has(value) ? null : value]));
}

function writeSafely(path: string, text: string): void {
  const file = openSync(path, "w", FILE_MODE);
  try {
    fchmodSync(file, FILE_MODE);
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
