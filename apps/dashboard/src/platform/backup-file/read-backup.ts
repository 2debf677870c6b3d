import { createHash } from "node:crypto";
import { asDamage, BackupError } from "./backup-error.ts";
import { createByteReader } from "./bytes.ts";
import { decompressed } from "./compression.ts";
import { CONTENTS_NAME, MOST_CONTENTS_BYTES, readContents } from "./contents.ts";
import type { BackedUpFile, SignedContents } from "./contents.ts";
import { openSealed, SEAL_MAGIC } from "./sealed-stream.ts";
import { readTar } from "./tar.ts";
import type { TarEntry } from "./tar.ts";

export interface ReadBackupOptions {
  readonly passphrase?: string | undefined;
  /** Read no further when the files take more bytes than this: a small file may unpack to anything. */
  readonly mostBytes?: number | undefined;
  /** Takes the bytes of each file in the order of the backup, all of them. Not given: they are only looked at. */
  readonly take?: (file: { readonly name: string; readonly size: number }, bytes: AsyncIterable<Uint8Array>) => Promise<void>;
}

/** What an installation consists of; nothing else is taken from a file that somebody else may have made. */
const NAME = /^(?:config\.yaml|sqlite\.db|windfire\.key|history\/[a-z0-9][a-z0-9.-]{0,79})$/;
/** Whether a backup may hold a file of this name. */
export function isInstallationFile(name: string): boolean {
  return NAME.test(name);
}

const MOST_FILES = 100_000;
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Whether a file that begins like this may be a backup, encrypted or not. */
export function looksLikeBackup(start: Uint8Array): boolean {
  return [ZSTD_MAGIC, SEAL_MAGIC].some((magic) => magic.subarray(0, start.length).equals(start.subarray(0, magic.length)));
}

/** Whether a passphrase opens a file that begins like this. */
export function looksSealed(start: Uint8Array): boolean {
  return SEAL_MAGIC.equals(start.subarray(0, SEAL_MAGIC.length));
}

/** What `take` failed with: no fault of the backup. */
class TakeError extends Error {}

/**
 * Reads a backup to its end and checks everything: form, names, signature, size and SHA-256 of every file. Memory stays bounded. What
 * `take` got is good only once this resolves.
 *
 * @throws {BackupError}, or whatever `take` failed with
 */
export async function readBackup(source: AsyncIterable<Uint8Array>, options: ReadBackupOptions = {}): Promise<SignedContents> {
  try {
    return await readEntries(source, options);
  } catch (error) {
    if (error instanceof TakeError) throw error.cause;
    throw asDamage(error);
  }
}

async function readEntries(
  source: AsyncIterable<Uint8Array>,
  { passphrase, take, mostBytes = Infinity }: ReadBackupOptions,
): Promise<SignedContents> {
  let bytes = 0;
  const found = new Map<string, BackedUpFile>();
  let signed: SignedContents | undefined;
  for await (const entry of readTar(decompressed(await archiveBytes(source, passphrase)))) {
    bytes += entry.size;
    if (bytes > mostBytes) throw new BackupError("large", `the backup unpacks to more than the ${mostBytes} bytes that there is room for`);
    if (signed !== undefined) throw new BackupError("damaged", "something follows the list of contents");
    if (entry.name === CONTENTS_NAME) signed = readContents(await textOf(entry));
    else if (found.has(entry.name) || found.size >= MOST_FILES) throw new BackupError("damaged", "it holds a file twice, or too many");
    else found.set(entry.name, await readFile(entry, take));
  }
  if (signed === undefined) throw new BackupError("damaged", "the backup is cut off: it has no list of contents");
  requireSame(signed.contents.files, [...found.values()]);
  return signed;
}

async function archiveBytes(source: AsyncIterable<Uint8Array>, passphrase: string | undefined): Promise<AsyncIterable<Uint8Array>> {
  const reader = createByteReader(source);
  const start = Buffer.from(await reader.take(SEAL_MAGIC.length));
  const whole = (async function* () {
    yield start;
    yield* reader.rest();
  })();
  if (start.equals(SEAL_MAGIC)) {
    if (passphrase === undefined) throw new BackupError("locked", "the backup is encrypted: a passphrase is needed");
    return openSealed(createByteReader(whole), passphrase);
  }
  if (!start.subarray(0, ZSTD_MAGIC.length).equals(ZSTD_MAGIC)) throw new BackupError("foreign", "this is no backup of Windfire");
  return whole;
}

async function readFile({ name, size, bytes }: TarEntry, take: ReadBackupOptions["take"]): Promise<BackedUpFile> {
  if (!isInstallationFile(name)) throw new BackupError("damaged", "it holds something that is no part of an installation");
  const hash = createHash("sha256");
  let read = 0;
  let damage: unknown;
  const hashed = (async function* () {
    try {
      for await (const piece of bytes) {
        hash.update(piece);
        read += piece.length;
        yield piece;
      }
    } catch (error) {
      damage = error;
      throw error;
    }
  })();
  const taken = take === undefined ? lookThrough(hashed) : take({ name, size }, hashed);
  await taken.catch((error: unknown) => {
    throw damage ?? new TakeError("not taken", { cause: error });
  });
  return { name, size: read, sha256: hash.digest("hex") };
}

async function lookThrough(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const iterator = bytes[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

async function textOf({ size, bytes }: TarEntry): Promise<string> {
  if (size > MOST_CONTENTS_BYTES) throw new BackupError("damaged", "the list of contents is too long");
  const pieces: Buffer[] = [];
  for await (const piece of bytes) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString("utf8");
}

function requireSame(listed: readonly BackedUpFile[], found: readonly BackedUpFile[]): void {
  if (listed.length !== found.length) throw new BackupError("damaged", "the list of contents names other files than there are");
  for (const [index, { name, size, sha256 }] of listed.entries()) {
    const other = found[index];
    if (other?.name !== name || other.size !== size || other.sha256 !== sha256) {
      throw new BackupError("damaged", `${name} is not what was backed up`);
    }
  }
}
