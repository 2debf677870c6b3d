import type { BlockEncoder } from "../codec/block.ts";
import { createChunkLog, type ChunkLog } from "./chunk-log.ts";
import { pathIn, type Disk } from "./disk.ts";
import { createGarbage } from "./garbage.ts";
import { covering, covers, isCurrent, leftoversOf } from "./leftovers.ts";
import { createOpenSegments } from "./open-segments.ts";
import { openSealedFiles, type SealedFiles } from "./sealed-files.ts";
import { openSegment, type Segment } from "./segment.ts";
import { ROLL_LEVELS, type RollLevel, type SegmentKind } from "./segment-kinds.ts";
import type { StoredFamily } from "../schema.ts";

/** The sealed files of a store, by what they hold. */
export interface Catalog {
  /** Segment with the points of a day. */
  raw(day: number): Segment | undefined;
  /** Half-hour points that cover a day, if they are made of what the days hold now. */
  half(day: number): Segment | undefined;
  halfSegments(): Segment[];
  /** Roll-up that covers a day. */
  rolled(level: RollLevel, day: number): Segment | undefined;
  chunks(day: number): ChunkLog | undefined;
  /** The day's chunks, begun where missing. */
  chunksFor(day: number): ChunkLog;
  rawDays(): number[];
  chunkDays(): number[];
  rolledSegments(level: RollLevel): Segment[];
  segments(): Segment[];
  /** Takes a published file into use in place of those that it covers; their paths are returned, to be removed when the folder is synced. */
  install(kind: SegmentKind, path: string): string[];
  remove(segment: Segment): void;
  /** Removes files that are out of use, also those that could not be removed before; throws when some still cannot. */
  discard(paths: readonly string[]): void;
  /** Days whose points some roll-up holds already, beside the points: their roll-up was interrupted, or late samples came after it. */
  halfRolledDays(): number[];
  /** Takes the day's chunks out of use and closes the file, whose path is returned; the file stays. */
  detachChunks(day: number): string | undefined;
  rawPath(day: number): string;
  spanPath(kind: "half" | RollLevel, day: number, days: number): string;
  /** Numbers of the last rows in the chunks found when the store was opened: by day, family, key. Used by the recovery, then released. */
  readonly found: Map<number, ReadonlyMap<number, number>[]>;
  bytes(): Record<"chunks" | SegmentKind, number>;
  /** Another number whenever there are other files; that chunks were added to a day, its log tells. */
  readonly version: number;
  /** Names of files that were set aside since the store was opened, and damaged stretches. */
  readonly damaged: number;
  releaseIdle(): void;
  close(): void;
}

interface Deps {
  readonly disk: Disk;
  readonly folder: string;
  readonly families: readonly StoredFamily[];
  readonly encoder: BlockEncoder;
}

/** Opens all sealed files of the folder. A file that cannot be read is renamed to `*.damaged` and counted. */
export function openCatalog(deps: Deps): Catalog {
  const { disk, folder } = deps;
  const files = openSealedFiles(disk, folder, deps.encoder);
  const { raw, rolled, chunks, found } = files;
  const segments = createOpenSegments();
  const garbage = createGarbage(disk);
  const { touch, detach } = segments;
  let version = 0;

  /** Returns the paths of the files that it stands for now. */
  const put = (kind: SegmentKind, segment: Segment): string[] => {
    version++;
    if (kind === "raw") {
      const before = raw.get(segment.day);
      if (before !== undefined) detach(before);
      raw.set(segment.day, segment);
      return [];
    }
    const covered = rolled[kind].filter((other) => covers(segment, other));
    rolled[kind] = [...rolled[kind].filter((other) => !covered.includes(other)), segment].sort((a, b) => a.day - b.day);
    return covered.map(detach).filter((path) => path !== segment.path);
  };
  const remove = (segment: Segment): void => {
    version++;
    if (raw.get(segment.day) === segment) raw.delete(segment.day);
    for (const level of ["half", ...ROLL_LEVELS] as const) rolled[level] = rolled[level].filter((other) => other !== segment);
    garbage.discard([detach(segment)]);
  };
  for (const segment of leftoversOf(raw, rolled)) remove(segment);

  return {
    found,
    raw: (day) => touch(raw.get(day)),
    half: (day) => {
      const segment = covering(rolled.half, day);
      if (segment === undefined || !segment.stamps.some((stamp) => stamp.day === day)) return undefined;
      return isCurrent(segment, raw, rolled.five) ? touch(segment) : undefined;
    },
    halfSegments: () => [...rolled.half],
    rolled: (level, day) => touch(covering(rolled[level], day)),
    chunks: (day) => chunks.get(day),
    chunksFor: (day) => {
      const known = chunks.get(day);
      if (known !== undefined) return known;
      garbage.keep(pathIn(folder, `chunks-${day}.log`));
      const log = createChunkLog(disk, pathIn(folder, `chunks-${day}.log`), day, deps.families, deps.encoder);
      chunks.set(day, log);
      version++;
      return log;
    },
    rawDays: () => [...raw.keys()].sort((a, b) => a - b),
    chunkDays: () => [...chunks.keys()].sort((a, b) => a - b),
    rolledSegments: (level) => [...rolled[level]],
    segments: () => [...raw.values(), ...rolled.half, ...rolled.five, ...rolled.hour],
    install: (kind, path) => {
      const segment = openSegment(disk, path);
      if (segment === undefined) throw new Error(`${path} cannot be read back`);
      garbage.keep(path);
      return put(kind, segment);
    },
    remove,
    discard: garbage.discard,
    halfRolledDays: () => [...raw.keys()].filter((day) => ROLL_LEVELS.some((level) => covering(rolled[level], day) !== undefined)),
    detachChunks: (day) => {
      const log = chunks.get(day);
      chunks.delete(day);
      version++;
      log?.close();
      return log?.path;
    },
    rawPath: (day) => pathIn(folder, `raw-${day}.seg`),
    spanPath: (kind, day, days) => pathIn(folder, `${kind}-${day}-${days}.seg`),
    bytes: () => bytesOf(files),
    get version() {
      return version;
    },
    damaged: files.damaged,
    releaseIdle: segments.releaseIdle,
    close: () => closeAll(files),
  };
}

function bytesOf({ raw, rolled, chunks }: SealedFiles): ReturnType<Catalog["bytes"]> {
  return {
    chunks: sizeOf([...chunks.values()]),
    raw: sizeOf([...raw.values()]),
    half: sizeOf(rolled.half),
    five: sizeOf(rolled.five),
    hour: sizeOf(rolled.hour),
  };
}

function closeAll({ raw, rolled, chunks }: SealedFiles): void {
  for (const segment of [...raw.values(), ...rolled.half, ...rolled.five, ...rolled.hour]) segment.release();
  for (const log of chunks.values()) log.close();
}

function sizeOf(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
