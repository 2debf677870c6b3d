import { crc32 } from "node:zlib";
import { createBitWriter, readRice, writeRice } from "./bits.ts";
import { createByteWriter, takeU32, takeU8, takeVarint, unzigzag, zigzag, type ByteWriter, type Cursor } from "./bytes.ts";
import { createColumnScratch, decodeColumn, encodeColumn, type ColumnScratch } from "./column-codec.ts";
import type { Rows } from "./rows.ts";

const VERSION = 1;
const FLAG_CHECKSUMS = 1;
const FLAG_GAPS = 2;
const LONGEST_BLOCK = 2 ** 20;
const MOST_COLUMNS = 4_096;

/** Rows of one group as they lie in a file: a head that tells where everything is, then the columns one after another. */
export interface BlockHead {
  readonly rows: number;
  readonly slots: Int32Array;
  readonly counts: Uint32Array;
  /** Where the columns lie, counted from the end of the head. */
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
  /** CRC-32 of each column; undefined where the whole block is covered by a checksum around it. */
  readonly checksums: Uint32Array | undefined;
  /** Position behind the head in the bytes it was read from. */
  readonly end: number;
}

/**
 * Room for heads that are read one after another: a group has dozens of chunks a day, and their arrays were most of what a question left
 * to the collector. What was read into it holds until the next one; its arrays may be longer than the head says.
 */
export interface HeadRoom {
  slots: Int32Array;
  counts: Uint32Array;
  values: Float64Array;
  offsets: Uint32Array;
  lengths: Uint32Array;
}

export function createHeadRoom(): HeadRoom {
  return roomFor(0, 0);
}

function roomFor(rows: number, columns: number): HeadRoom {
  return {
    slots: new Int32Array(rows),
    counts: new Uint32Array(rows),
    values: new Float64Array(rows),
    offsets: new Uint32Array(columns),
    lengths: new Uint32Array(columns),
  };
}

/** Turns rows into blocks; keeps its scratch memory from one to the next. */
export interface BlockEncoder {
  /** Appends the rows. Returns the length of the head, bytes. */
  encode(out: ByteWriter, rows: Rows, grids: ArrayLike<number>, options: { readonly checksums: boolean }): number;
}

export function createBlockEncoder(): BlockEncoder {
  const bits = createBitWriter();
  const scratch = createColumnScratch(bits);
  const body = createByteWriter(4_096);
  const lengths: number[] = [];
  return {
    encode: (out, rows, grids, { checksums }) => {
      const start = out.length;
      body.reset();
      lengths.length = 0;
      for (const [index, column] of rows.columns.entries()) {
        const from = body.length;
        encodeColumn(body, column, rows.length, grids[index] as number, scratch);
        lengths.push(body.length - from);
      }
      const gaps = hasGaps(rows);
      out.u8(VERSION);
      out.u8((checksums ? FLAG_CHECKSUMS : 0) | (gaps ? FLAG_GAPS : 0));
      out.varint(rows.length);
      out.varint(lengths.length);
      writeSlots(out, rows, gaps, scratch);
      writeCounts(out, rows, scratch);
      writeDirectory(out, lengths, checksums ? body.view() : undefined);
      const head = out.length - start;
      out.bytes(body.view());
      return head;
    },
  };
}

/** Number of values in a block, missing ones included. */
export function blockSize(bytes: Uint8Array, offset: number): number {
  const cursor: Cursor = { bytes, at: offset + 2 };
  return takeVarint(cursor) * takeVarint(cursor);
}

/** Reads the head of a block, into arrays of its own unless there is room; throws RangeError on nonsense, which only a damaged file holds. */
export function readBlockHead(bytes: Uint8Array, offset: number, given?: HeadRoom): BlockHead {
  const cursor: Cursor = { bytes, at: offset };
  const version = takeU8(cursor);
  if (version !== VERSION) throw new RangeError(`unknown version ${version} of a block`);
  const flags = takeU8(cursor);
  const rows = takeVarint(cursor);
  const columns = takeVarint(cursor);
  if (rows > LONGEST_BLOCK || columns > MOST_COLUMNS) throw new RangeError("a block of impossible size");
  const room = given === undefined ? roomFor(rows, columns) : grown(given, rows, columns);
  const { slots, counts, values, offsets, lengths } = room;
  const first = unzigzag(takeVarint(cursor));
  const gapBytes = (flags & FLAG_GAPS) === 0 ? 0 : takeVarint(cursor);
  readSlots(bytes, cursor.at, slots, { rows, first, gapBytes });
  cursor.at += gapBytes;
  const countBytes = takeVarint(cursor);
  decodeColumn(bytes, cursor.at, values, rows);
  for (let row = 0; row < rows; row++) counts[row] = values[row] as number;
  cursor.at += countBytes;
  let from = 0;
  for (let index = 0; index < columns; index++) {
    offsets[index] = from;
    lengths[index] = takeVarint(cursor);
    from += lengths[index] as number;
  }
  const checksums = (flags & FLAG_CHECKSUMS) === 0 ? undefined : new Uint32Array(columns);
  if (checksums !== undefined) for (let index = 0; index < columns; index++) checksums[index] = takeU32(cursor);
  return { rows, slots, counts, offsets, lengths, checksums, end: cursor.at };
}

function grown(room: HeadRoom, rows: number, columns: number): HeadRoom {
  if (room.slots.length >= rows && room.offsets.length >= columns) return room;
  return Object.assign(room, roomFor(Math.max(2 * rows, room.slots.length), Math.max(columns, room.offsets.length)));
}

/** Reads all columns of a block that lies in `bytes` as a whole, in the order of `columns` (positions in the block; -1 has no values). */
export function readBlock(bytes: Uint8Array, offset: number, columns: ArrayLike<number>): Rows {
  const head = readBlockHead(bytes, offset);
  return {
    length: head.rows,
    slots: head.slots,
    counts: head.counts,
    columns: Array.from(columns, (position) => {
      const values = new Float64Array(head.rows);
      if (position < 0 || position >= head.lengths.length) return values.fill(Number.NaN);
      decodeColumn(bytes, head.end + (head.offsets[position] as number), values, head.rows);
      return values;
    }),
  };
}

function hasGaps(rows: Rows): boolean {
  return rows.length > 0 && (rows.slots[rows.length - 1] as number) - (rows.slots[0] as number) !== rows.length - 1;
}

function writeSlots(out: ByteWriter, rows: Rows, gaps: boolean, scratch: ColumnScratch): void {
  out.varint(zigzag(rows.slots[0] ?? 0));
  if (!gaps) return;
  const steps = new Float64Array(rows.length - 1);
  for (let row = 1; row < rows.length; row++) steps[row - 1] = (rows.slots[row] as number) - (rows.slots[row - 1] as number) - 1;
  scratch.bits.reset();
  writeRice(scratch.bits, steps, steps.length);
  const packed = scratch.bits.finish();
  out.varint(packed.length);
  out.bytes(packed);
}

function readSlots(
  bytes: Uint8Array,
  offset: number,
  slots: Int32Array,
  { rows, first, gapBytes }: { rows: number; first: number; gapBytes: number },
): void {
  if (gapBytes === 0) {
    for (let row = 0; row < rows; row++) slots[row] = first + row;
    return;
  }
  const steps = new Float64Array(rows - 1);
  readRice(bytes, offset, steps, steps.length);
  let slot = first;
  slots[0] = slot;
  for (let row = 1; row < rows; row++) {
    slot += (steps[row - 1] as number) + 1;
    slots[row] = slot;
  }
}

function writeCounts(out: ByteWriter, rows: Rows, scratch: ColumnScratch): void {
  const counts = createByteWriter(64);
  encodeColumn(counts, Float64Array.from(rows.counts), rows.length, 0, scratch);
  out.varint(counts.length);
  out.bytes(counts.view());
}

function writeDirectory(out: ByteWriter, lengths: readonly number[], checked: Uint8Array | undefined): void {
  for (const length of lengths) out.varint(length);
  if (checked === undefined) return;
  let from = 0;
  for (const length of lengths) {
    out.u32(crc32(checked.subarray(from, from + length)));
    from += length;
  }
}
