import { randomUUID } from "node:crypto";
import { open, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** Disk space of all downloads at a time. */
const MOST_SPOOLED_BYTES = 2 * 2 ** 30;

/** A file without a name: it is gone with the process, however that ends. */
export interface SpoolFile {
  /** @throws when the disk is full */
  write(bytes: Uint8Array): Promise<void>;
  /** From the first byte on; closes the file at its end. */
  read(): Readable;
  /** Harmless when it is closed already. */
  close(): Promise<void>;
}

/** Where downloads wait until they are complete and checked, within a limit on the disk space of all. */
export function createSpool(deps: { directory: string }) {
  let reserved = 0;
  const counters = { refused: 0 };
  return {
    counters,
    get reservedBytes() {
      return reserved;
    },
    /** @throws when the file cannot be made or there are too many */
    async open(size: number): Promise<SpoolFile> {
      if (reserved + size > MOST_SPOOLED_BYTES) {
        counters.refused++;
        throw new Error("too many downloads at once");
      }
      reserved += size;
      let held = true;
      const release = (): void => {
        if (held) reserved -= size;
        held = false;
      };
      try {
        return spoolFile(await openNameless(deps.directory), release);
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

export type Spool = ReturnType<typeof createSpool>;

async function openNameless(directory: string): Promise<FileHandle> {
  const path = join(directory, `windfire-mcp-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  try {
    await unlink(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function spoolFile(file: FileHandle, release: () => void): SpoolFile {
  let closing: Promise<void> | undefined;
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, at);
        at += bytesWritten;
      }
    },
    read: () => file.createReadStream({ start: 0, autoClose: true }).once("close", release),
    async close() {
      closing ??= file.close().finally(release);
      await closing;
    },
  };
}
