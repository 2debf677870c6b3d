import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { createHash } from "node:crypto";
import type { FileGuard } from "../../gate/index.ts";
import { McpFault } from "./answer.ts";

const CHUNK_BYTES = 256 * 1024;
/** Missing on Windows, where opening follows no links that `lstat` does not show. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

/** Opens a regular file for reading; a symbolic link is none. @throws McpFault, and errors of the system */
export async function openRegularFile(path: string, guard: FileGuard): Promise<FileHandle> {
  if (!(await lstat(path)).isFile()) throw new McpFault("path is not a regular file");
  const file = await open(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT);
  // Between the two another one may have taken its place.
  try {
    const found = await file.stat();
    await guard.refuseOwn(found);
    if (!found.isFile()) throw new McpFault("path is not a regular file");
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Hex SHA-256 of a file's content. */
export async function digestOf(path: string, guard: FileGuard): Promise<string> {
  const file = await openRegularFile(path, guard);
  try {
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let read = await file.read(buffer); read.bytesRead > 0; read = await file.read(buffer))
      hash.update(buffer.subarray(0, read.bytesRead));
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

/** Whether a file is still the one that the caller knows. @throws McpFault when it is not */
export async function checkMatch(path: string, expected: string | undefined, guard: FileGuard): Promise<void> {
  if (expected === undefined || expected === "") return;
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) throw new McpFault("if_match precondition failed: file does not exist");
  if (!found.isFile()) throw new McpFault("if_match precondition failed: target is not a regular file");
  if ((await digestOf(path, guard)) !== expected) throw new McpFault("if_match precondition failed: sha256 mismatch");
}
