import { createByteWriter, takeF64, takeU8, type Cursor } from "../codec/bytes.ts";
import { READ_SLACK } from "../codec/column-codec.ts";
import type { Disk } from "./disk.ts";
import { parseHeader } from "./file-header.ts";
import { FRAME_HEAD, scanFrames, unframe } from "./frames.ts";
import { continueLogFile, createLogFile, type LogFile } from "./log-file.ts";
import { blockSize, type BlockEncoder } from "../codec/block.ts";
import type { Rows } from "../codec/rows.ts";
import type { StoredFamily } from "../schema.ts";

/** Before the block of a chunk: family, group key, number of the last row of the group in it. */
export const CHUNK_HEAD = 17;

/** Chunks of one UTC day that are not merged into a segment yet: a few dozen points of a group each. */
export interface ChunkLog {
  readonly day: number;
  readonly size: number;
  readonly path: string;
  readonly families: readonly StoredFamily[];
  /** Values in the file. */
  readonly points: number;
  add(family: number, key: number, number: number, rows: Rows, grids: ArrayLike<number>): void;
  /** Hands the chunks of a group to `visit`, the oldest first; a damaged one as undefined. The bytes are valid during the call. */
  forGroup(family: number, key: number, visit: (block: Uint8Array | undefined, offset: number, number: number) => void): void;
  /** Keys of a family that have chunks here. */
  keys(family: number): Iterable<number>;
  has(family: number, key: number): boolean;
  /** Another number whenever the group has other chunks here; -1 without any. */
  mark(family: number, key: number): number;
  /** Makes the group's chunks invisible. */
  forget(family: number, key: number): void;
  sync(): Promise<void>;
  close(): void;
}

/** What opening a file found. */
export interface OpenedChunks {
  readonly log: ChunkLog;
  /** Number of the last row of each group in the file, by family and key. */
  readonly numbers: ReadonlyMap<number, number>[];
  readonly damaged: number;
}

/** Begins the chunks of a day. */
export function createChunkLog(disk: Disk, path: string, day: number, families: readonly StoredFamily[], encoder: BlockEncoder): ChunkLog {
  const file = createLogFile(disk, path, { kind: "chunks", families, day });
  return chunksOn(file, { day, families, points: 0 }, encoder, createChunkIndex(families.length));
}

/** Opens the chunks of a day; undefined when the file is not one, `unfinished` when it was begun and nothing of it reached the disk. */
export function openChunkLog(disk: Disk, path: string, day: number, encoder: BlockEncoder): OpenedChunks | "unfinished" | undefined {
  const found: { families: readonly StoredFamily[] | undefined; index: ChunkIndex | undefined } = { families: undefined, index: undefined };
  const numbers: Map<number, number>[] = [];
  let points = 0;
  const source = disk.open(path, "read");
  const scan = (() => {
    try {
      return scanFrames(source, (payload, offset) => {
        if (found.index === undefined) {
          found.families = offset === 0 ? parseHeader(payload)?.families : undefined;
          found.index = createChunkIndex(found.families?.length ?? 0);
          return;
        }
        const cursor: Cursor = { bytes: payload, at: 0 };
        const family = takeU8(cursor);
        const key = takeF64(cursor);
        found.index.add(family, key, offset, FRAME_HEAD + payload.length);
        (numbers[family] ??= new Map()).set(key, takeF64(cursor));
        points += blockSize(payload, CHUNK_HEAD);
      });
    } finally {
      source.close();
    }
  })();
  const { families, index } = found;
  if (index === undefined) return "unfinished";
  if (families === undefined) return undefined;
  return {
    log: chunksOn(continueLogFile(disk, path, scan.end), { day, families, points }, encoder, index),
    numbers,
    damaged: scan.damaged,
  };
}

function chunksOn(
  file: LogFile,
  start: { readonly day: number; readonly families: readonly StoredFamily[]; readonly points: number },
  encoder: BlockEncoder,
  index: ChunkIndex,
): ChunkLog {
  const { day, families } = start;
  const payload = createByteWriter(8_192);
  let scratch = new Uint8Array(8_192);
  let { points } = start;
  return {
    day,
    path: file.path,
    families,
    get size() {
      return file.size;
    },
    get points() {
      return points;
    },
    add: (family, key, number, rows, grids) => {
      payload.reset();
      payload.u8(family);
      payload.f64(key);
      payload.f64(number);
      encoder.encode(payload, rows, grids, { checksums: false });
      const offset = file.append(payload.view());
      index.add(family, key, offset, FRAME_HEAD + payload.length);
      points += rows.length * rows.columns.length;
    },
    forGroup: (family, key, visit) => {
      const chain: number[] = [];
      for (let at = index.last(family, key); at >= 0; at = index.previous(at)) chain.push(at);
      for (const at of chain.reverse()) {
        const length = index.length(at);
        if (scratch.length < length + READ_SLACK) scratch = new Uint8Array(length * 2);
        const framed = scratch.subarray(0, length);
        const read = file.read(framed, index.offset(at));
        const bytes = read === length ? unframe(framed) : undefined;
        if (bytes === undefined) visit(undefined, index.offset(at), 0);
        else visit(scratch.subarray(FRAME_HEAD), index.offset(at), takeF64({ bytes, at: 9 }));
      }
    },
    keys: (family) => index.keys(family),
    has: (family, key) => index.last(family, key) >= 0,
    mark: (family, key) => index.last(family, key),
    forget: (family, key) => index.forget(family, key),
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

/** Where the chunks of each group lie: a chain per group through shared arrays, 12 bytes a chunk. */
interface ChunkIndex {
  add(family: number, key: number, offset: number, length: number): void;
  last(family: number, key: number): number;
  previous(at: number): number;
  offset(at: number): number;
  length(at: number): number;
  keys(family: number): Iterable<number>;
  forget(family: number, key: number): void;
}

function createChunkIndex(families: number): ChunkIndex {
  const newest = Array.from({ length: families }, () => new Map<number, number>());
  let offsets = new Float64Array(256);
  let lengths = new Uint32Array(256);
  let previous = new Int32Array(256);
  let used = 0;
  const grow = (): void => {
    const wider = <T extends Float64Array | Uint32Array | Int32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    offsets = wider(offsets, new Float64Array(used * 2));
    lengths = wider(lengths, new Uint32Array(used * 2));
    previous = wider(previous, new Int32Array(used * 2));
  };
  return {
    add: (family, key, offset, length) => {
      const chain = newest[family];
      if (chain === undefined) return;
      if (used === offsets.length) grow();
      offsets[used] = offset;
      lengths[used] = length;
      previous[used] = chain.get(key) ?? -1;
      chain.set(key, used++);
    },
    last: (family, key) => newest[family]?.get(key) ?? -1,
    previous: (at) => previous[at] as number,
    offset: (at) => offsets[at] as number,
    length: (at) => lengths[at] as number,
    keys: (family) => newest[family]?.keys() ?? [],
    forget: (family, key) => void newest[family]?.delete(key),
  };
}
