import { BackupError } from "./backup-error.ts";
import { createByteReader } from "./bytes.ts";
import type { ByteReader } from "./bytes.ts";

/** A file in an archive (POSIX ustar, regular files alone). */
export interface TarEntry {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Has to be taken to its end before the next entry. */
  readonly bytes: AsyncIterable<Buffer>;
}

const BLOCK = 512;
const PIECE = 64 * 1024;
const NAME_BYTES = 100;
/** Twelve octal digits less one; larger sizes are written as GNU tar does, in base 256. */
const MOST_OCTAL = 8 ** 11 - 1;
/** Zeros after the end: other programs fill blocks of 10 KiB. Compressed, endless ones take no room. */
const MOST_PADDING = 64 * 1024;
const REGULAR = new Set(["0", "\0"]);

/** Header of a file. Times and owners are left out, so that the same files make the same archive. */
export function tarHeader(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > NAME_BYTES) throw new Error(`${name} is too long for an archive`);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write("0000600\0" + "0000000\0".repeat(2), 100);
  if (size <= MOST_OCTAL) header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  else {
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(size), 128);
  }
  header.write("00000000000\0", 136);
  header.write("        0", 148);
  header.write("ustar\u000000", 257);
  header.write(`${checksum(header).toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** Zeros that fill the last block of a file. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

/** What ends an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

/**
 * Files of an archive, one after the other, without holding more than a piece.
 *
 * @throws {BackupError} `damaged` for anything but regular files, and where it ends too early or not at all
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = createByteReader(source);
  for (;;) {
    const header = Buffer.from(await reader.take(BLOCK));
    if (header.length < BLOCK) throw new BackupError("damaged", "the backup is cut off");
    if (header.equals(TAR_END.subarray(0, BLOCK))) break;
    const size = sizeOf(header);
    const entry = { name: textOf(header.subarray(0, NAME_BYTES)), size, bytes: bytesOf(reader, size) };
    yield entry;
    await reader.take((BLOCK - (size % BLOCK)) % BLOCK);
  }
  let padding = 0;
  for await (const piece of reader.rest()) {
    padding += piece.length;
    if (padding > MOST_PADDING) throw new BackupError("damaged", "something follows the end of the archive");
    if (piece.some((byte) => byte !== 0)) throw new BackupError("damaged", "something follows the end of the archive");
  }
}

async function* bytesOf(reader: ByteReader, size: number): AsyncGenerator<Buffer> {
  for (let left = size; left > 0;) {
    const piece = await reader.take(Math.min(PIECE, left));
    if (piece.length === 0) throw new BackupError("damaged", "the backup is cut off");
    left -= piece.length;
    yield piece;
  }
}

function sizeOf(header: Buffer): number {
  const isRegular = REGULAR.has(String.fromCodePoint(header[156] ?? 0)) && textOf(header.subarray(345, 500)) === "";
  const stored = Number.parseInt(textOf(header.subarray(148, 156)).trim(), 8);
  if (!isRegular || stored !== checksum(header)) throw new BackupError("damaged", "the backup was changed");
  const size = header[124] === 0x80 ? Number(header.readBigUInt64BE(128)) : Number.parseInt(textOf(header.subarray(124, 136)).trim(), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new BackupError("damaged", "the backup was changed");
  return size;
}

/** Sum of the bytes, those of the sum itself taken for blanks. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
  return sum;
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? field.length : end);
}
