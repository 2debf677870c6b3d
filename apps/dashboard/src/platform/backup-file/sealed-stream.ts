import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { BackupError } from "./backup-error.ts";
import { createByteReader } from "./bytes.ts";
import type { ByteReader } from "./bytes.ts";

/** First bytes of an encrypted stream. The layout is in docs/formats/backup.md. */
export const SEAL_MAGIC = Buffer.from("WFSEALED");
const VERSION = 1;
const SALT_BYTES = 16;
const CHECK_BYTES = 32;
const KEY_BYTES = 32;
const HEADER_BYTES = SEAL_MAGIC.length + 4 + SALT_BYTES;
const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const ALGORITHM = "aes-256-gcm";
const MIB = 1024 * 1024;
/** What a header may ask for: another program's file must not take all memory. */
const MOST_MEMORY = 256 * MIB;

/** Work of scrypt: N = 2^15, r = 8, p = 3 (32 MiB), the least that OWASP recommends in a form that small machines can afford. */
const COST = { logN: 15, r: 8, p: 3 };
type Cost = typeof COST;

/** Encrypts a stream under a passphrase, 64 KiB at a time. */
export async function* sealStream(source: AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Buffer> {
  const { logN, r, p } = COST;
  const header = Buffer.concat([SEAL_MAGIC, Buffer.from([VERSION, logN, r, p]), randomBytes(SALT_BYTES)]);
  const { key, check } = await keysOf(passphrase, header, COST);
  yield Buffer.concat([header, check]);
  const reader = createByteReader(source);
  let chunk = await reader.take(CHUNK_BYTES);
  for (let index = 0; ; index++) {
    const next = await reader.take(CHUNK_BYTES);
    const isLast = next.length === 0;
    const cipher = createCipheriv(ALGORITHM, key, nonceOf(index, isLast)).setAAD(header);
    yield Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    if (isLast) return;
    chunk = next;
  }
}

/**
 * Opens what {@link sealStream} made; every chunk is handed out only after it was found unchanged.
 *
 * @throws {BackupError} `passphrase` before anything is handed out, `damaged` at the first chunk that is not whole
 */
export async function* openSealed(reader: ByteReader, passphrase: string): AsyncGenerator<Buffer> {
  const header = Buffer.from(await reader.take(HEADER_BYTES));
  const { key, check } = await keysOf(passphrase, header, costOf(header));
  const stored = Buffer.from(await reader.take(CHECK_BYTES));
  if (stored.length !== CHECK_BYTES) throw cutOff();
  if (!timingSafeEqual(check, stored)) throw new BackupError("passphrase", "the passphrase is wrong");
  let sealed = Buffer.from(await reader.take(CHUNK_BYTES + TAG_BYTES));
  for (let index = 0; ; index++) {
    const next = Buffer.from(await reader.take(CHUNK_BYTES + TAG_BYTES));
    const isLast = next.length === 0;
    yield openChunk(key, header, sealed, nonceOf(index, isLast));
    if (isLast) return;
    sealed = next;
  }
}

function openChunk(key: Buffer, header: Buffer, sealed: Buffer, nonce: Buffer): Buffer {
  if (sealed.length < TAG_BYTES) throw cutOff();
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(header)
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch (error) {
    throw new BackupError("damaged", "the backup is cut off or was changed", { cause: error });
  }
}

/** 11 bytes count the chunks, the last one says whether it is the end: nothing can be left out, moved or cut off unseen. */
function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(index, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

function costOf(header: Buffer): Cost {
  if (header.length < HEADER_BYTES || !header.subarray(0, SEAL_MAGIC.length).equals(SEAL_MAGIC)) throw cutOff();
  const [version = 0, logN = 0, r = 0, p = 0] = header.subarray(SEAL_MAGIC.length);
  if (version > VERSION) throw new BackupError("newer", "the backup was encrypted by a newer version of Windfire");
  const memory = 128 * r * 2 ** logN;
  if (logN < 10 || logN > 20 || r < 1 || p < 1 || p > 16 || memory > MOST_MEMORY) throw cutOff();
  return { logN, r, p };
}

function cutOff(): BackupError {
  return new BackupError("damaged", "the backup is cut off or was changed");
}

/** The key of the chunks, and a value that tells a wrong passphrase from a damaged file and ties the header to the key. */
async function keysOf(passphrase: string, header: Buffer, { logN, r, p }: Cost): Promise<{ key: Buffer; check: Buffer }> {
  const salt = header.subarray(-SALT_BYTES);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const options = { N: 2 ** logN, r, p, maxmem: MOST_MEMORY + MIB };
  scrypt(passphrase.normalize("NFC"), salt, 2 * KEY_BYTES, options, (error, derived) => (error ? reject(error) : resolve(derived)));
  const derived = await promise;
  const check = createHmac("sha256", derived.subarray(KEY_BYTES)).update(header).digest();
  return { key: derived.subarray(0, KEY_BYTES), check };
}
