import { crc32 } from "node:zlib";
import { readBlockHead, type BlockHead } from "../codec/block.ts";
import { decodeColumn, READ_SLACK } from "../codec/column-codec.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { readHeader, type FileHeader } from "./file-header.ts";
import type { Rows } from "../codec/rows.ts";
import { matchColumns, type StoredColumn, type StoredFamily } from "../schema.ts";
import { findEntry, indexBytes, readIndex, type FamilyIndex, type SegmentEntry } from "./segment-index.ts";
import type { SegmentSpan } from "./segment-writer.ts";

/** A complete, immutable file: points of all groups over some days. */
export interface Segment extends SegmentSpan {
  readonly path: string;
  readonly size: number;
  /** Values in the file, whatever their resolution. */
  readonly values: number;
  readonly families: readonly StoredFamily[];
  /** Position of the family in this file; -1 when it has none. */
  family(name: string): number;
  find(family: number, key: number): SegmentEntry | undefined;
  /** Keys of a family, ascending. */
  keys(family: number): Float64Array;
  /** Where the points of the group lie; throws RangeError on damage. */
  readHead(entry: SegmentEntry): BlockHead;
  /** Values of one column of the group whose head was read last; throws RangeError on damage. */
  readColumn(entry: SegmentEntry, points: BlockHead, column: number, into: Float64Array): void;
  /** All points of a group, with the columns wanted; columns that are damaged are handed to `onDamage` and hold no values. */
  readRows(entry: SegmentEntry, family: number, wanted: readonly { readonly name: string }[], onDamage: () => void): Rows;
  /** Bytes of memory held beside the object; 0 after `release`. */
  readonly held: number;
  /** Closes the file and forgets the index; both come back on the next use. */
  release(): void;
}

/** Groups up to this size are read at once, since every read costs more than some bytes too many. */
const WHOLE_BYTES = 16_384;

/** Opens a segment; undefined when the file is damaged where everything hangs on it (header, index) or not a segment. */
export function openSegment(disk: Disk, path: string): Segment | undefined {
  const file = disk.open(path, "read");
  try {
    const header = readHeader(file)?.header;
    if (header?.kind !== "segment" || header.day === undefined || header.days === undefined || header.resolution === undefined)
      return undefined;
    const size = file.size();
    const values = readIndex(file, size)?.values;
    if (values === undefined) return undefined;
    return segmentOf(disk, { path, size, values }, header, {
      day: header.day,
      days: header.days,
      resolution: header.resolution,
      stamps: header.stamps ?? [],
    });
  } finally {
    file.close();
  }
}

function segmentOf(disk: Disk, kept: { path: string; size: number; values: number }, header: FileHeader, span: SegmentSpan): Segment {
  const { families } = header;
  const { path, size } = kept;
  let loaded: { file: DiskFile; index: readonly FamilyIndex[]; bytes: number } | undefined;
  let scratch = new Uint8Array(0);
  const load = (): { file: DiskFile; index: readonly FamilyIndex[] } => {
    if (loaded !== undefined) return loaded;
    const file = disk.open(path, "read");
    const index = readIndex(file, size)?.families;
    if (index === undefined) {
      file.close();
      throw new RangeError(`the index of ${path} is damaged`);
    }
    loaded = { file, index, bytes: indexBytes(index) };
    return loaded;
  };
  const read = (offset: number, length: number): Uint8Array => {
    if (scratch.length < length + READ_SLACK) scratch = new Uint8Array(length * 2 + READ_SLACK);
    const bytes = scratch.subarray(0, length);
    if (load().file.read(bytes, offset) !== length) throw new RangeError("the file is shorter than its index says");
    return bytes;
  };
  const readHead = (entry: SegmentEntry): BlockHead => {
    const bytes = read(entry.offset, entry.length <= WHOLE_BYTES ? entry.length : entry.head);
    if (crc32(bytes.subarray(0, entry.head)) !== entry.checksum) throw new RangeError("the head of a group is damaged");
    return readBlockHead(scratch, 0);
  };
  const readColumn = (entry: SegmentEntry, points: BlockHead, column: number, into: Float64Array): void => {
    const length = points.lengths[column] as number;
    const start = entry.head + (points.offsets[column] as number);
    const whole = entry.length <= WHOLE_BYTES;
    const bytes = whole ? scratch.subarray(start, start + length) : read(entry.offset + start, length);
    if (points.checksums !== undefined && crc32(bytes) !== points.checksums[column]) throw new RangeError("a column is damaged");
    decodeColumn(scratch, whole ? start : 0, into, points.rows);
  };
  return {
    ...span,
    ...kept,
    families,
    family: (name) => families.findIndex((family) => family.name === name),
    find: (family, key) => findEntry(load().index[family], key),
    keys: (family) => load().index[family]?.keys ?? new Float64Array(0),
    readHead,
    readColumn,
    readRows: (entry, family, wanted, onDamage) => {
      const points = readHead(entry);
      const positions = matchColumns(wanted, columnsOf(families, family));
      const columns = Array.from(positions, (position) => {
        const values = new Float64Array(points.rows);
        try {
          if (position >= 0) readColumn(entry, points, position, values);
          else values.fill(Number.NaN);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          onDamage();
          values.fill(Number.NaN);
        }
        return values;
      });
      return { length: points.rows, slots: points.slots, counts: points.counts, columns };
    },
    get held() {
      return loaded?.bytes ?? 0;
    },
    release: () => {
      loaded?.file.close();
      loaded = undefined;
      scratch = new Uint8Array(0);
    },
  };
}

function columnsOf(families: readonly StoredFamily[], family: number): readonly StoredColumn[] {
  return families[family]?.columns ?? [];
}
