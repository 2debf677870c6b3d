import { createHash, randomBytes } from "node:crypto";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { getRawAsset, isSea } from "node:sea";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { applyBlockPatch } from "@windfire/kit";
import type { BlockPatch } from "@windfire/kit";

const PATCH_ASSET = "node.patch";

/** What stands before the packed literals of the patch. */
interface PatchHead extends Pick<BlockPatch, "size" | "runs"> {
  /** Of Node's program, hex. */
  readonly sha256: string;
  /** Bytes of the packed literals. */
  readonly literals: number;
}

/**
 * Node's own program out of the single executable that this process runs from, laid beside what hosts fetch: byte for byte what its makers
 * built, so that a host can hold it against the signed list (docs/formats/release.md). Nothing is done in any other process.
 *
 * @param file where it goes; nothing is done when it is there
 * @throws Error when the executable was changed
 */
export async function layOutOwnNode(file: string): Promise<void> {
  if (!isSea() || (await stat(file).catch(() => undefined))) return;
  const patch = Buffer.from(getRawAsset(PATCH_ASSET));
  const end = patch.indexOf("\n");
  const { size, runs, sha256, literals } = JSON.parse(patch.toString("utf8", 0, end)) as PatchHead;
  const unpacked = await promisify(zstdDecompress)(patch.subarray(end + 1, end + 1 + literals));
  const executable = await readFile(process.execPath);
  const hash = createHash("sha256");
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    const target = await open(temporary, "wx", 0o600);
    try {
      for (const piece of applyBlockPatch(executable, { size, runs, literals: unpacked })) {
        hash.update(piece);
        await target.writeFile(piece);
      }
    } finally {
      await target.close();
    }
    if (hash.digest("hex") !== sha256) throw new Error(`${process.execPath} was changed: Node does not come back out of it`);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
