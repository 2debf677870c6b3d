import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";

const OWNER_ONLY_FILE = 0o600;

/**
 * Writes a file, onto the disk; with `wx` only where none of that name is there. When it fails, nothing touches the file any more: `pipeline` alone rejects while the file is still being
 * opened, which would make it anew after whoever called removed it.
 */
export async function pipeToFile(bytes: AsyncIterable<Uint8Array>, path: string, flags: "w" | "wx" = "w"): Promise<void> {
  const file = createWriteStream(path, { flags, mode: OWNER_ONLY_FILE, flush: true });
  const closed = new Promise<void>((resolve) => void file.once("close", resolve));
  try {
    await pipeline(bytes, file);
  } catch (error) {
    await closed;
    throw error;
  }
}
