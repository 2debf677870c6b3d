import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { parse, stringify } from "yaml";
import { isErrorCode } from "../fault.ts";
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
  parse: (text) => parse(text, { schema: "failsafe", maxAliasCount: 0, prettyErrors: false }),
  stringify: (values) => stringify(values),
};

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
