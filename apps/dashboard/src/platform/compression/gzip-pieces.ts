import { crc32 } from "node:zlib";
import type { Compressor } from "./compressor.ts";

/** `fresh` is different in every answer and goes out as it is; everything else is compressed once for all. */
export interface Piece {
  readonly text: string;
  readonly fresh?: true;
}

/** Magic, deflate, no flags, no time, unknown system (RFC 1952 section 2.3). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty block that says it is the last (RFC 1951 section 3.2.6). */
const END = Buffer.from([3, 0]);
const MOST_STORED = 0xff_ff;

/**
 * One gzip stream made of pieces that were compressed each for itself. No piece refers to another, so those that many answers share come
 * from the compressor's cache. Undefined when too much is waiting to be compressed.
 */
export async function gzipPieces(pieces: readonly Piece[], compressor: Compressor): Promise<Buffer | undefined> {
  const blocks: Buffer[] = [HEADER];
  let checksum = 0;
  let size = 0;
  for (const { text, fresh } of pieces) {
    const bytes = Buffer.from(text);
    if (bytes.length === 0) continue;
    const block = fresh ? stored(bytes) : await compressor.compress(bytes, "raw");
    if (block === undefined) return undefined;
    blocks.push(block);
    checksum = crc32(bytes, checksum);
    size += bytes.length;
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return Buffer.concat([...blocks, END, trailer]);
}

/** Blocks without compression (RFC 1951 section 3.2.4). */
function stored(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += MOST_STORED) {
    const part = bytes.subarray(at, at + MOST_STORED);
    const head = Buffer.alloc(5);
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(~part.length & MOST_STORED, 3);
    blocks.push(head, part);
  }
  return Buffer.concat(blocks);
}
