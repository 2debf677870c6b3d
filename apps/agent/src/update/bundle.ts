import { gunzipSync, gzipSync } from "node:zlib";

/** Files by their names, in one piece: JSON of base64 texts, compressed. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
const FILE_NAME = /^[A-Za-z0-9][\w.-]{0,99}\.cjs$/;
/** The file that is started. */
export const MAIN_FILE = "agent.cjs";

export function packFiles(files: BundleFiles): Buffer {
  const texts = Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]));
  return gzipSync(JSON.stringify(texts), { level: 9 });
}

/** @throws Error for anything that is no packed agent */
export function unpackFiles(bundle: Uint8Array): BundleFiles {
  const parsed: unknown = JSON.parse(gunzipSync(bundle, { maxOutputLength: MAX_UNPACKED_BYTES }).toString("utf8"));
  if (typeof parsed !== "object" || parsed === null) throw new Error("the bundle holds no files");
  const files = new Map<string, Uint8Array>();
  for (const [name, text] of Object.entries(parsed)) {
    if (!FILE_NAME.test(name) || typeof text !== "string") throw new Error("the bundle holds a file with a wrong name");
    files.set(name, Buffer.from(text, "base64"));
  }
  if (!files.has(MAIN_FILE)) throw new Error(`the bundle holds no ${MAIN_FILE}`);
  return files;
}
