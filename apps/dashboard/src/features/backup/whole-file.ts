import { rename, rm, stat } from "node:fs/promises";
import { pipeToFile } from "./pipe-to-file.ts";

/** How the name of a file ends while it is being written. */
export const UNFINISHED = ".part";

/** Writes a file that has its name only when all of it is on the disk. @returns its size in bytes */
export async function writeWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const unfinished = `${path}${UNFINISHED}`;
  try {
    await pipeToFile(bytes, unfinished);
    const { size } = await stat(unfinished);
    await rename(unfinished, path);
    return size;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
