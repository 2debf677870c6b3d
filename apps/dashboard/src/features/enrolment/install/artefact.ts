import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** A file that hosts fetch. */
export interface Artefact {
  readonly path: string;
  readonly size: number;
  /** SHA-256, hex. */
  readonly hash: string;
}

/** Files with their hashes, which are computed once for each state of a file. */
export function createArtefacts(): (path: string) => Promise<Artefact | undefined> {
  const known = new Map<string, { readonly mark: string; readonly hash: Promise<string> }>();
  return async (path) => {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) return undefined;
    const mark = `${found.mtimeMs} ${found.size} ${found.ino}`;
    let entry = known.get(path);
    if (entry?.mark !== mark) {
      entry = { mark, hash: hashOfFile(path) };
      known.set(path, entry);
      entry.hash.catch(() => known.delete(path));
    }
    return { path, size: found.size, hash: await entry.hash };
  };
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
