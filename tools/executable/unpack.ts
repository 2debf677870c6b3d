import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What the executable carries: SHA-256 (hex) of each file by its path in the program's folder. */
export interface ProgramIndex {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Folders of other versions that stay: one of them may run, and loads some of its files late. */
const KEPT_VERSIONS = 4;

/**
 * The folder of the program below a private one, with every file as it was packed: what is missing or was changed is written anew.
 *
 * @param contentOf the packed bytes of a file of the index
 * @returns the program's folder
 * @throws Error when a file cannot be written, or when the executable itself is damaged
 */
export function unpackProgram(base: string, index: ProgramIndex, contentOf: (path: string) => Uint8Array): string {
  const folder = join(base, `${index.version}-${digest(Buffer.from(JSON.stringify(index.files))).slice(0, 16)}`);
  if (!existsSync(folder)) unpackAll(folder, index, contentOf);
  for (const [path, hash] of Object.entries(index.files)) {
    if (hashOfFile(join(folder, path)) !== hash) writeFile(folder, path, packed(path, hash, contentOf));
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}

function unpackAll(folder: string, { files }: ProgramIndex, contentOf: (path: string) => Uint8Array): void {
  const temporary = `${folder}.${randomBytes(6).toString("hex")}`;
  try {
    for (const [path, hash] of Object.entries(files)) writeFile(temporary, path, packed(path, hash, contentOf));
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another start of the same program was faster.
    if (!existsSync(folder)) throw error;
  }
  forgetOldVersions(dirname(folder));
}

function packed(path: string, hash: string, contentOf: (path: string) => Uint8Array): Uint8Array {
  const bytes = contentOf(path);
  if (digest(bytes) !== hash) throw new Error(`this executable is damaged: ${path} is not what was packed`);
  return bytes;
}

/** In one step: somebody may read the file at this moment. */
function writeFile(folder: string, path: string, bytes: Uint8Array): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(temporary, bytes, { mode: 0o600, flag: "wx" });
  renameSync(temporary, file);
}

function forgetOldVersions(base: string): void {
  const folders = readdirSync(base).map((name) => ({ path: join(base, name), time: statSync(join(base, name)).mtimeMs }));
  for (const { path } of folders.toSorted((a, b) => b.time - a.time).slice(KEPT_VERSIONS)) rmSync(path, { recursive: true, force: true });
}

function hashOfFile(path: string): string | undefined {
  try {
    return digest(readFileSync(path));
  } catch {
    return undefined;
  }
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
