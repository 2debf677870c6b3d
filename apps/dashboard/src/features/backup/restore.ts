import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { freeBytes, makeFolder, syncFolder, systemCode } from "@windfire/kit";
import { BackupError, readBackup } from "#platform/backup-file";
import type { SignedContents } from "#platform/backup-file";
import { schemaVersion } from "#platform/database";
import { pipeToFile } from "./pipe-to-file.ts";
import { SPARE_BYTES } from "./spare-bytes.ts";
import { UNFINISHED_RESTORE } from "./unfinished.ts";

/** The steps by which a backup becomes an installation, each of which may be the last one before the power goes. */
export interface RestoreDisk {
  makeFolder(path: string): Promise<void>;
  write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  /** A folder or file with all in it. */
  remove(path: string): Promise<void>;
  removeEmpty(path: string): Promise<void>;
  freeBytes(path: string): Promise<number>;
}

export interface RestoreOrder {
  /** The backup from its beginning; asked for twice. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** To be filled: not there yet, empty, or left by a restore that was broken off. */
  readonly folder: string;
  readonly passphrase?: string | undefined;
  /** Read no further when it unpacks to more. */
  readonly mostBytes?: number | undefined;
  /** Taken only if this key signed it. */
  readonly signer?: string | undefined;
}

const OWNER_ONLY_FOLDER = 0o700;
const FOLDER_MODE = 0o750;
/** In the order in which they get their names: the database and its key before what makes a dashboard start on them. */
const PARTS = ["history", "windfire.key", "sqlite.db", "config.yaml"] as const;

/**
 * Checks a backup to its last byte without writing anything.
 *
 * @throws {BackupError}
 */
export async function checkBackup({ open: source, passphrase, signer, mostBytes }: Omit<RestoreOrder, "folder">): Promise<SignedContents> {
  const signed = await readBackup(source(), { passphrase, mostBytes });
  const { contents } = signed;
  if (signer !== undefined && signed.signer !== signer) {
    throw new BackupError("stranger", `the backup is signed by ${signed.signer}, not by ${signer}`);
  }
  if (!contents.files.some(({ name }) => name === "sqlite.db")) throw new BackupError("damaged", "the backup holds no database");
  if (contents.schema > schemaVersion) {
    throw new BackupError("newer", `the backup was made by a newer version of Windfire (${contents.program}): install that version`);
  }
  return signed;
}

/**
 * Makes an installation of a backup. All of it is checked before anything is written; then it is written beside its place, and moved.
 * Broken off at any step, the folder starts no dashboard, and the same restore can be run again.
 *
 * @throws {BackupError} before anything was written, or an error that names what could not be
 */
export async function restoreBackup(order: RestoreOrder, disk: RestoreDisk = restoreDisk): Promise<SignedContents> {
  const { folder } = order;
  await requireEmpty(folder);
  const signed = await checkBackup(order);
  const bytes = signed.contents.files.reduce((sum, { size }) => sum + size, 0);
  await disk.makeFolder(folder);
  const free = await disk.freeBytes(folder);
  if (free < bytes + SPARE_BYTES) throw new Error(`the backup takes ${bytes + SPARE_BYTES} free bytes, and there are ${free} in ${folder}`);
  const staged = join(folder, UNFINISHED_RESTORE);
  for (const part of PARTS) await disk.remove(join(folder, part));
  await disk.remove(staged);
  await disk.makeFolder(staged);
  await disk.makeFolder(join(staged, "history"));
  await disk.syncFolder(folder);
  await writeAll(order, signed, staged, disk);
  await disk.syncFolder(join(staged, "history"));
  await disk.syncFolder(staged);
  const there = new Set(["history", ...signed.contents.files.map(({ name }) => name)]);
  for (const part of PARTS) if (there.has(part)) await disk.rename(join(staged, part), join(folder, part));
  await disk.syncFolder(folder);
  await disk.removeEmpty(staged);
  await disk.syncFolder(folder);
  return signed;
}

/** The second reading must show what the first one found. */
async function writeAll(order: RestoreOrder, signed: SignedContents, staged: string, disk: RestoreDisk): Promise<void> {
  const { mostBytes, passphrase } = order;
  const again = await readBackup(order.open(), { passphrase, mostBytes, take: ({ name }, bytes) => disk.write(join(staged, name), bytes) });
  if (JSON.stringify(again) !== JSON.stringify(signed)) throw new BackupError("damaged", "the backup changed while it was read");
}

/** @throws unless nothing is in the folder, or only what a restore that was broken off has put there */
async function requireEmpty(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw error;
  }
  const isUnfinished = names.includes(UNFINISHED_RESTORE);
  const others = isUnfinished ? names.filter((name) => name !== UNFINISHED_RESTORE && !PARTS.some((part) => part === name)) : names;
  const [first] = others;
  if (first !== undefined) throw new Error(`${folder} is not empty (${first} is in it): a backup is restored into an empty folder only`);
}

export const restoreDisk: RestoreDisk = {
  makeFolder: async (path) => {
    if (dirname(path).endsWith(UNFINISHED_RESTORE) || path.endsWith(UNFINISHED_RESTORE)) await mkdir(path, { mode: OWNER_ONLY_FOLDER });
    else await makeFolder(path, FOLDER_MODE);
  },
  write: (path, bytes) => pipeToFile(bytes, path, "wx"),
  rename,
  syncFolder,
  remove: (path) => rm(path, { recursive: true, force: true }),
  removeEmpty: rmdir,
  freeBytes,
};
