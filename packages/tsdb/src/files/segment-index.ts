import { crc32 } from "node:zlib";
import { createByteWriter, takeF64, takeU32, type ByteWriter, type Cursor } from "../codec/bytes.ts";
import type { DiskFile } from "./disk.ts";
import { unframe } from "./frames.ts";

/** Behind the index: its position, the length of its frame, CRC-32 of both, and these eight bytes. */
const TAIL = 24;
const TAIL_MAGIC = new TextEncoder().encode("WFSEGEND");

/** A group's entry in the index of a segment. */
export interface SegmentEntry {
  readonly key: number;
  /** Number of the last row of the group that is in the file. */
  readonly number: number;
  readonly offset: number;
  readonly head: number;
  readonly length: number;
  readonly checksum: number;
}

/** Where the groups of one family lie, ascending by key: one array for each figure of theirs. */
export interface FamilyIndex {
  readonly keys: Float64Array;
  readonly numbers: Float64Array;
  readonly offsets: Float64Array;
  readonly heads: Uint32Array;
  readonly lengths: Uint32Array;
  readonly checksums: Uint32Array;
}

/** The index of a segment. */
export interface SegmentIndex {
  /** Values in the file. */
  readonly values: number;
  readonly families: readonly FamilyIndex[];
}

/** Figures of a group. */
const ENTRY_BYTES = 36;
/** What there is besides. */
const OBJECT_BYTES = 1_024;

/** Bytes that an index takes in memory. */
export function indexBytes(families: readonly FamilyIndex[]): number {
  return families.reduce((sum, { keys }) => sum + keys.length * ENTRY_BYTES, OBJECT_BYTES);
}

/** The entry of a group; undefined where it has none. */
export function findEntry(index: FamilyIndex | undefined, key: number): SegmentEntry | undefined {
  if (index === undefined) return undefined;
  let low = 0;
  let high = index.keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((index.keys[middle] as number) < key) low = middle + 1;
    else high = middle;
  }
  if (index.keys[low] !== key) return undefined;
  return {
    key,
    number: index.numbers[low] as number,
    offset: index.offsets[low] as number,
    head: index.heads[low] as number,
    length: index.lengths[low] as number,
    checksum: index.checksums[low] as number,
  };
}

/** Reads the index that a file of `size` bytes ends with; undefined where it is damaged or not there. */
export function readIndex(file: DiskFile, size: number): SegmentIndex | undefined {
  const tail = new Uint8Array(TAIL);
  if (size < TAIL || file.read(tail, size - TAIL) !== TAIL) return undefined;
  const data = new DataView(tail.buffer);
  const intact = data.getUint32(12, true) === crc32(tail.subarray(0, 12)) && TAIL_MAGIC.every((byte, index) => tail[16 + index] === byte);
  if (!intact) return undefined;
  const framed = new Uint8Array(data.getUint32(8, true));
  if (file.read(framed, data.getFloat64(0, true)) !== framed.length) return undefined;
  const payload = unframe(framed);
  return payload === undefined ? undefined : parseIndex(payload);
}

function parseIndex(payload: Uint8Array): SegmentIndex {
  const cursor: Cursor = { bytes: payload, at: 0 };
  const floats = (count: number): Float64Array => {
    const taken = new Float64Array(count);
    for (let index = 0; index < count; index++) taken[index] = takeF64(cursor);
    return taken;
  };
  const words = (count: number): Uint32Array => {
    const taken = new Uint32Array(count);
    for (let index = 0; index < count; index++) taken[index] = takeU32(cursor);
    return taken;
  };
  const values = takeF64(cursor);
  const families = Array.from({ length: takeU32(cursor) }, () => {
    const count = takeU32(cursor);
    return {
      keys: floats(count),
      numbers: floats(count),
      offsets: floats(count),
      heads: words(count),
      lengths: words(count),
      checksums: words(count),
    };
  });
  return { values, families };
}

/** Collects the index of a file while that is written. */
export interface IndexWriter {
  /** Groups come ascending by family, then key. `values`: how many there are of the group. */
  add(family: number, entry: SegmentEntry, values: number): void;
  /**
   * Number of values in the file; then per family: number of groups, then one array after another of keys, row numbers, offsets, head
   * lengths, lengths, head checksums.
   */
  bytes(): Uint8Array;
}

export function createIndexWriter(families: number): IndexWriter {
  let total = 0;
  const entries = Array.from({ length: families }, (): SegmentEntry[] => []);
  return {
    add: (family, entry, values) => {
      total += values;
      entries[family]?.push(entry);
    },
    bytes: () => {
      const out = createByteWriter(4_096);
      out.f64(total);
      out.u32(families);
      for (const list of entries) {
        out.u32(list.length);
        for (const { key } of list) out.f64(key);
        for (const { number } of list) out.f64(number);
        for (const { offset } of list) out.f64(offset);
        for (const { head } of list) out.u32(head);
        for (const { length } of list) out.u32(length);
        for (const { checksum } of list) out.u32(checksum);
      }
      return out.view();
    },
  };
}

/** Ends the file behind the frame of the index, which begins at `position` and is `length` bytes long. */
export function writeTail(out: ByteWriter, position: number, length: number): void {
  const start = out.length;
  out.f64(position);
  out.u32(length);
  out.u32(crc32(out.view(start)));
  out.bytes(TAIL_MAGIC);
}
