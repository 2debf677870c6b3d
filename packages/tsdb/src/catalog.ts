import type { BlockEncoder } from "./block.ts";
import { createChunkLog, openChunkLog, type ChunkLog } from "./chunk-log.ts";
import { pathIn, type Disk } from "./disk.ts";
import { openSegment, type Segment } from "./segment.ts";
import type { StoredFamily } from "./schema.ts";

export const DAY_MS = 86_400_000;

/** Resolutions that outlive the points themselves. */
export type RollLevel = "five" | "hour";
export const ROLL_LEVELS = ["five", "hour"] as const;
export const ROLL_MS: Readonly<Record<RollLevel, number>> = { five: 300_000, hour: 3_600_000 };
/** Half-hour points of the days whose points are still there, a few days in one file: long windows need not read every point. */
export const HALF_MS = 1_800_000;
export const HALF_DAYS = 8;
/** Files beside the points. */
export type SegmentKind = "raw" | "half" | RollLevel;

/** Open files beyond this many, or indexes beyond this many bytes, are released, least recently used first. */
const MOST_OPEN = 96;
const MOST_INDEX_BYTES = 16 * 2 ** 20;

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
  /** Takes a published file into use, in place of those that it covers, which are removed. */
  install(kind: SegmentKind, path: string): void;
  /** Takes the day's chunks out of use and closes the file, whose path is returned; the file stays. */
  detachChunks(day: number): string | undefined;
  removeSegment(segment: Segment): void;
  rawPath(day: number): string;
  spanPath(kind: "half" | RollLevel, day: number, days: number): string;
  /** Numbers of the last rows in the chunks found when the store was opened: by day, family, key. Used by the recovery, then released. */
  readonly found: Map<number, ReadonlyMap<number, number>[]>;
  bytes(): Record<"chunks" | SegmentKind, number>;
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

const NAME = /^(?:(raw)-(\d+)|(half|five|hour)-(\d+)-(\d+))\.seg$|^chunks-(\d+)\.log$/;

/** Opens all sealed files of the folder. A file that cannot be read is renamed to `*.damaged` and counted. */
export function openCatalog(deps: Deps): Catalog {
  const { disk, folder } = deps;
  const raw = new Map<number, Segment>();
  const rolled: Record<Exclude<SegmentKind, "raw">, Segment[]> = { half: [], five: [], hour: [] };
  const chunks = new Map<number, ChunkLog>();
  const found = new Map<number, ReadonlyMap<number, number>[]>();
  let damaged = 0;
  const used = new Map<Segment, true>();

  const setAside = (name: string): void => {
    damaged++;
    disk.rename(pathIn(folder, name), pathIn(folder, `${name}.damaged`));
  };
  const openChunks = (name: string, day: number): void => {
    const opened = openChunkLog(disk, pathIn(folder, name), day, deps.encoder);
    if (opened === undefined) return setAside(name);
    damaged += opened.damaged;
    chunks.set(day, opened.log);
    found.set(day, opened.numbers);
  };
  const touch = (segment: Segment | undefined): Segment | undefined => {
    if (segment === undefined) return undefined;
    used.delete(segment);
    used.set(segment, true);
    return segment;
  };
  const discard = (segment: Segment): void => {
    used.delete(segment);
    segment.release();
    disk.remove(segment.path);
  };
  const put = (kind: SegmentKind, segment: Segment): void => {
    if (kind === "raw") {
      const before = raw.get(segment.day);
      if (before !== undefined) {
        used.delete(before);
        before.release();
      }
      raw.set(segment.day, segment);
      return;
    }
    const covered = rolled[kind].filter((other) => covers(segment, other));
    rolled[kind] = [...rolled[kind].filter((other) => !covered.includes(other)), segment].sort((a, b) => a.day - b.day);
    for (const other of covered) {
      if (other.path === segment.path) other.release();
      else discard(other);
    }
  };
  const openAll = (): void => {
    for (const name of disk.list(folder)) {
      const match = NAME.exec(name);
      if (match === null) continue;
      if (match[6] !== undefined) {
        openChunks(name, Number(match[6]));
        continue;
      }
      const segment = openSegment(disk, pathIn(folder, name));
      if (segment === undefined) setAside(name);
      else put((match[1] ?? match[3]) as SegmentKind, segment);
    }
  };
  openAll();

  return {
    found,
    raw: (day) => touch(raw.get(day)),
    half: (day) => {
      const segment = covering(rolled.half, day);
      return segment !== undefined && isCurrent(segment, raw) ? touch(segment) : undefined;
    },
    halfSegments: () => [...rolled.half],
    rolled: (level, day) => touch(covering(rolled[level], day)),
    chunks: (day) => chunks.get(day),
    chunksFor: (day) => {
      const known = chunks.get(day);
      if (known !== undefined) return known;
      const log = createChunkLog(disk, pathIn(folder, `chunks-${day}.log`), day, deps.families, deps.encoder);
      chunks.set(day, log);
      return log;
    },
    rawDays: () => [...raw.keys()].sort((a, b) => a - b),
    chunkDays: () => [...chunks.keys()].sort((a, b) => a - b),
    rolledSegments: (level) => [...rolled[level]],
    segments: () => [...raw.values(), ...rolled.half, ...rolled.five, ...rolled.hour],
    install: (kind, path) => {
      const segment = openSegment(disk, path);
      if (segment === undefined) throw new Error(`${path} cannot be read back`);
      put(kind, segment);
    },
    detachChunks: (day) => {
      const log = chunks.get(day);
      chunks.delete(day);
      log?.close();
      return log?.path;
    },
    removeSegment: (segment) => {
      if (raw.get(segment.day) === segment) raw.delete(segment.day);
      for (const level of ["half", ...ROLL_LEVELS] as const) rolled[level] = rolled[level].filter((other) => other !== segment);
      discard(segment);
    },
    rawPath: (day) => pathIn(folder, `raw-${day}.seg`),
    spanPath: (kind, day, days) => pathIn(folder, `${kind}-${day}-${days}.seg`),
    bytes: () => ({
      chunks: sizeOf([...chunks.values()]),
      raw: sizeOf([...raw.values()]),
      half: sizeOf(rolled.half),
      five: sizeOf(rolled.five),
      hour: sizeOf(rolled.hour),
    }),
    get damaged() {
      return damaged;
    },
    releaseIdle: () => {
      let open = 0;
      let bytes = 0;
      for (const segment of [...used.keys()].reverse()) {
        open++;
        bytes += segment.held;
        if (open <= MOST_OPEN && bytes <= MOST_INDEX_BYTES) continue;
        used.delete(segment);
        segment.release();
      }
    },
    close: () => {
      for (const segment of [...raw.values(), ...rolled.half, ...rolled.five, ...rolled.hour]) segment.release();
      for (const log of chunks.values()) log.close();
    },
  };
}

function covering(segments: readonly Segment[], day: number): Segment | undefined {
  return segments.find((segment) => segment.day <= day && day < segment.day + segment.days);
}

/** Whether half-hour points were made of the days' segments as they are now. */
function isCurrent(half: Segment, raw: ReadonlyMap<number, Segment>): boolean {
  for (let day = half.day; day < half.day + half.days; day++) {
    const [now] = raw.get(day)?.stamps ?? [];
    if (now !== undefined && !half.stamps.some((then) => then.day === day && then.stamp === now.stamp)) return false;
  }
  return true;
}

function covers(outer: Segment, inner: Segment): boolean {
  return outer.day <= inner.day && inner.day + inner.days <= outer.day + outer.days;
}

function sizeOf(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
