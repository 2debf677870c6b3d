import { crc32 } from "node:zlib";
import type { BlockEncoder } from "../codec/block.ts";
import { createByteWriter } from "../codec/bytes.ts";
import type { Disk } from "./disk.ts";
import { headerFrame, type DayStamp } from "./file-header.ts";
import { frame } from "./frames.ts";
import { gridOf } from "../codec/grid.ts";
import type { Rows } from "../codec/rows.ts";
import type { StoredFamily } from "../schema.ts";
import { createIndexWriter, writeTail } from "./segment-index.ts";

const FLUSH_AT = 2 ** 19;

/** What a segment covers. */
export interface SegmentSpan {
  /** First day, days since the epoch in UTC. */
  readonly day: number;
  readonly days: number;
  /** Milliseconds of a slot. */
  readonly resolution: number;
  /** Which version of which days; empty for roll-ups that outlive them. */
  readonly stamps: readonly DayStamp[];
}

/** Writes a segment beside its final name; it appears under that name only when it is complete. */
export interface SegmentWriter {
  /** Groups must come ascending by family, then key. `number` is that of the last row of the group. */
  add(family: number, key: number, number: number, rows: Rows): void;
  /** Completes the file. Until `publish` nothing has changed for readers. */
  finish(): Promise<void>;
  /** Gives the file its name. The folder is to be synced before anything is removed that the file replaces. */
  publish(): void;
  /** Removes what was written. */
  abandon(): void;
}

export function createSegmentWriter(
  disk: Disk,
  path: string,
  span: SegmentSpan,
  families: readonly StoredFamily[],
  encoder: BlockEncoder,
): SegmentWriter {
  const draft = `${path}.tmp`;
  const file = disk.open(draft, "create");
  const out = createByteWriter(FLUSH_AT);
  const index = createIndexWriter(families.length);
  const grids = families.map((family) => family.columns.map((column) => gridOf(column.step)));
  let written = 0;
  let open = true;
  const flush = (): void => {
    file.write(out.view(), written);
    written += out.length;
    out.reset();
  };
  out.bytes(headerFrame({ kind: "segment", families, ...span }));
  const close = (): void => {
    if (open) file.close();
    open = false;
  };
  return {
    add: (family, key, number, rows) => {
      const start = out.length;
      const head = encoder.encode(out, rows, grids[family] ?? [], { checksums: true });
      const checksum = crc32(out.view(start).subarray(0, head));
      const entry = { key, number, offset: written + start, head, length: out.length - start, checksum };
      index.add(family, entry, rows.length * rows.columns.length);
      if (out.length >= FLUSH_AT) flush();
    },
    finish: async () => {
      const position = written + out.length;
      const framed = frame(index.bytes());
      out.bytes(framed);
      writeTail(out, position, framed.length);
      flush();
      await file.sync();
      close();
    },
    publish: () => disk.rename(draft, path),
    abandon: () => {
      close();
      disk.remove(draft);
    },
  };
}
