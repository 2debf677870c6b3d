import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { looksSealed } from "#platform/backup-file";
import type { LocalPlace } from "../local-place.ts";
import type { Installation } from "../snapshot.ts";
import { placesOf } from "./order.ts";

const HEAD_BYTES = 8;

/** A backup that is kept, or the one that was sent; undefined when there is none. */
export async function sourceOf(
  name: string | undefined,
  installation: Installation,
  local: Pick<LocalPlace, "open">,
): Promise<(() => AsyncIterable<Uint8Array>) | undefined> {
  if (name !== undefined) return (await local.open(name))?.read;
  const { upload } = placesOf(installation);
  const found = await stat(upload).catch(() => undefined);
  return found?.isFile() === true ? () => createReadStream(upload) : undefined;
}

/** What was sent and waits, if anything: its size in bytes, and whether a passphrase opens it. */
export async function uploadOf(installation: Installation): Promise<{ size: number; encrypted: boolean } | undefined> {
  const { upload } = placesOf(installation);
  const found = await stat(upload).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  await using file = await open(upload, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return { size: found.size, encrypted: looksSealed(buffer.subarray(0, bytesRead)) };
}
