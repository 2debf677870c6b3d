import { closeSync, existsSync, openSync, readdirSync, readSync } from "node:fs";

/** Small files of the system, read without waiting: what lies in `/proc` and `/sys` is made by the kernel on the spot. */
export interface SystemFiles {
  /** Content as text, undefined when it cannot be read. */
  text(path: string): string | undefined;
  /** Names in a folder, none when it cannot be read. */
  names(path: string): readonly string[];
  exists(path: string): boolean;
}

const FIRST_BUFFER_BYTES = 32 * 1024;
/** Past this a file is no small file, and the rest is not looked at. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Reads into one buffer that grows to the largest file seen. */
export function createSystemFiles(): SystemFiles {
  let buffer = Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES);

  const read = (path: string): string => {
    const file = openSync(path, "r");
    try {
      let length = 0;
      for (;;) {
        const count = readSync(file, buffer, length, buffer.length - length, null);
        length += count;
        if (count === 0 || length >= MAX_FILE_BYTES) return buffer.toString("latin1", 0, length);
        if (length === buffer.length) buffer = doubled(buffer);
      }
    } finally {
      closeSync(file);
    }
  };

  return {
    text: (path) => orUndefined(() => read(path)),
    names: (path) => orUndefined(() => readdirSync(path)) ?? [],
    exists: (path) => existsSync(path),
  };
}

function doubled(buffer: Buffer): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
  buffer.copy(larger);
  return larger;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
