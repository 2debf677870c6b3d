import type { BlockEncoder } from "../codec/block.ts";
import { openChunkLog, type ChunkLog } from "./chunk-log.ts";
import { pathIn, type Disk } from "./disk.ts";
import { openSegment, type Segment } from "./segment.ts";
import type { SegmentKind } from "./segment-kinds.ts";

/** What the folder of a store holds when it is opened. */
export interface SealedFiles {
  readonly raw: Map<number, Segment>;
  /** Ascending by day; of those that begin on one day the longest first. */
  readonly rolled: Record<Exclude<SegmentKind, "raw">, Segment[]>;
  readonly chunks: Map<number, ChunkLog>;
  /** Numbers of the last rows in the chunks: by day, family, key. */
  readonly found: Map<number, ReadonlyMap<number, number>[]>;
  /** Files that were set aside, and damaged stretches. */
  readonly damaged: number;
}

const NAME = /^(?:(raw)-(\d+)|(half|five|hour)-(\d+)-(\d+))\.seg$|^chunks-(\d+)\.log$/;

/** Opens all sealed files of a folder. One that cannot be read is renamed to `*.damaged` and counted. */
export function openSealedFiles(disk: Disk, folder: string, encoder: BlockEncoder): SealedFiles {
  const raw = new Map<number, Segment>();
  const rolled: SealedFiles["rolled"] = { half: [], five: [], hour: [] };
  const chunks = new Map<number, ChunkLog>();
  const found = new Map<number, ReadonlyMap<number, number>[]>();
  let damaged = 0;

  const setAside = (name: string): void => {
    damaged++;
    disk.rename(pathIn(folder, name), pathIn(folder, `${name}.damaged`));
  };
  const openChunks = (name: string, day: number): void => {
    const opened = openChunkLog(disk, pathIn(folder, name), day, encoder);
    if (opened === "unfinished") return disk.remove(pathIn(folder, name));
    if (opened === undefined) return setAside(name);
    damaged += opened.damaged;
    chunks.set(day, opened.log);
    found.set(day, opened.numbers);
  };
  for (const name of disk.list(folder)) {
    const match = NAME.exec(name);
    if (match === null) continue;
    if (match[6] !== undefined) {
      openChunks(name, Number(match[6]));
      continue;
    }
    const segment = openSegment(disk, pathIn(folder, name));
    const kind = (match[1] ?? match[3]) as SegmentKind;
    if (segment === undefined) setAside(name);
    else if (kind === "raw") raw.set(segment.day, segment);
    else rolled[kind] = [...rolled[kind], segment].sort((x, y) => x.day - y.day || y.days - x.days);
  }
  return { raw, rolled, chunks, found, damaged };
}
