import type { BlockEncoder } from "../codec/block.ts";
import { HALF_DAYS, HALF_MS, ROLL_LEVELS, ROLL_MS, type Catalog, type RollLevel, type SegmentKind } from "../files/catalog.ts";
import type { Disk } from "../files/disk.ts";
import type { Dropped } from "../files/dropped.ts";
import { halfFamilies, pointFamilies, rolledFamilies, type FamilyPlan } from "../families.ts";
import { holdsDay } from "../files/leftovers.ts";
import { familyIn, type Reading } from "../query/reading.ts";
import { rollRows } from "./rollup.ts";
import { mergeRows, type Rows } from "../codec/rows.ts";
import { createSegmentWriter, type SegmentSpan, type SegmentWriter } from "../files/segment-writer.ts";
import type { Segment } from "../files/segment.ts";

/** Roll-ups of single days are gathered in files of this many days. */
export const GATHERED_DAYS = 32;

/** Rewrites sealed files: chunks into days, days into roll-ups, roll-ups into larger files. One call at a time. */
export interface Upkeep {
  /** Gathers the chunks of a day, and what its segment held before, in one segment. */
  compactDay(day: number): Promise<void>;
  /** Brings the half-hour points up to what the days' segments hold now. */
  halve(): Promise<void>;
  /** Replaces the points of a day by roll-ups. */
  rollDay(day: number): Promise<void>;
  /** Rolls up what came after the roll-up of its day, or what an interruption left. */
  finishRolling(): Promise<void>;
  /** Gathers roll-ups of single days where a stretch of days is complete. */
  gather(): Promise<void>;
}

interface Deps {
  readonly disk: Disk;
  readonly folder: string;
  readonly plans: readonly FamilyPlan[];
  readonly catalog: Catalog;
  readonly dropped: Dropped;
  readonly reading: Reading;
  readonly encoder: BlockEncoder;
  readonly slotMs: number;
  /** Number of the last row of the store. */
  readonly last: () => number;
  /** Lets others have the thread between two groups. */
  readonly breathe: () => Promise<void>;
}

export function createUpkeep(deps: Deps): Upkeep {
  const { catalog, disk, folder, plans, reading, slotMs } = deps;
  const columns = { raw: pointFamilies(plans), half: halfFamilies(plans), five: rolledFamilies(plans), hour: rolledFamilies(plans) };
  const writerFor = (kind: SegmentKind, path: string, span: SegmentSpan): SegmentWriter =>
    createSegmentWriter(disk, path, span, columns[kind], deps.encoder);

  /** Puts finished files in the place of others, which go only when their successors are certain to stay. */
  const replace = async (
    files: readonly { kind: SegmentKind; path: string; writer: SegmentWriter }[],
    others: () => string[],
  ): Promise<void> => {
    const replaced: string[] = [];
    for (const { kind, path, writer } of files) {
      writer.publish();
      replaced.push(...catalog.install(kind, path));
    }
    replaced.push(...others());
    await disk.syncFolder(folder);
    catalog.discard(replaced);
  };

  /** Rows may be closed long before they are sealed: the number of the last one alone does not tell two versions of a day apart. */
  const nextStamp = (day: number): number => {
    const earlier = [catalog.raw(day), ...ROLL_LEVELS.map((level) => catalog.rolled(level, day))].flatMap(
      (segment) => segment?.stamps ?? [],
    );
    return Math.max(deps.last(), ...earlier.filter((stamp) => stamp.day === day).map(({ stamp }) => stamp + 1));
  };

  const compactDay = async (day: number): Promise<void> => {
    const path = catalog.rawPath(day);
    const writer = writerFor("raw", path, { day, days: 1, resolution: slotMs, stamps: [{ day, stamp: nextStamp(day) }] });
    await writing([writer], async () => {
      for (const plan of plans) {
        for (const key of keysOfDay(catalog, plan, day)) {
          const sealed = reading.sealedDay(plan, key, day);
          if (sealed === undefined) continue;
          writer.add(plan.index, key, sealed.number, sealed.rows);
          await deps.breathe();
        }
      }
      await writer.finish();
    });
    await replace([{ kind: "raw", path, writer }], () => [catalog.detachChunks(day) ?? []].flat());
  };

  const rollDay = async (day: number): Promise<void> => {
    const raw = catalog.raw(day);
    if (raw === undefined) return;
    const files = ROLL_LEVELS.flatMap((level) => {
      const before = catalog.rolled(level, day);
      if (before !== undefined && holdsDay(before, raw)) return [];
      const { day: start, days } = before ?? { day, days: 1 };
      const path = catalog.spanPath(level, start, days);
      const stamps = [...(before?.stamps ?? []).filter((stamp) => stamp.day !== day), ...raw.stamps];
      return [{ kind: level, before, path, writer: writerFor(level, path, { day: start, days, resolution: ROLL_MS[level], stamps }) }];
    });
    await writing(
      files.map(({ writer }) => writer),
      async () => {
        for (const file of files) await writeRolled(file.writer, raw, file.kind, file.before);
      },
    );
    await replace(files, () => []);
    catalog.remove(raw);
    const half = catalog.halfSegments().find((segment) => segment.day <= day && day < segment.day + HALF_DAYS);
    if (half !== undefined && !catalog.rawDays().some((other) => halfPeriodOf(other) === halfPeriodOf(day))) catalog.remove(half);
  };
  /** Roll-ups of a day, together with those that were there before (late samples have a day rolled up again). */
  const writeRolled = async (writer: SegmentWriter, raw: Segment, level: RollLevel, before: Segment | undefined): Promise<void> => {
    for (const plan of plans) {
      const folds = plan.rolled.map(({ fold }) => fold);
      for (const key of unionOf([keysOfSegment(raw, plan), before === undefined ? [] : keysOfSegment(before, plan)])) {
        const gone = deps.dropped.before(plan.index, key);
        const kept = before === undefined ? undefined : gatherGroup([before], plan, key, gone);
        const sealed = reading.segmentDay(raw, plan, key);
        const fresh = sealed && rollRows(sealed.rows, ROLL_MS[level] / slotMs, plan.rolled);
        const parts = [kept?.rows ?? [], fresh ?? []].flat();
        if (parts.length === 0) continue;
        writer.add(plan.index, key, Math.max(kept?.number ?? 0, sealed?.number ?? 0), mergeRows(parts, folds));
        await deps.breathe();
      }
    }
    await writer.finish();
  };

  const halvePeriod = async (period: number): Promise<void> => {
    const start = period * HALF_DAYS;
    const rolledToo = new Set(catalog.halfRolledDays());
    const days = catalog.rawDays().flatMap((day) => (halfPeriodOf(day) === period && !rolledToo.has(day) ? (catalog.raw(day) ?? []) : []));
    const path = catalog.spanPath("half", start, HALF_DAYS);
    const stamps = days.flatMap((segment) => segment.stamps);
    const writer = writerFor("half", path, { day: start, days: HALF_DAYS, resolution: HALF_MS, stamps });
    await writing([writer], async () => {
      for (const plan of plans) {
        for (const key of unionOf(days.map((segment) => keysOfSegment(segment, plan)))) {
          const parts = days.flatMap((segment) => reading.segmentDay(segment, plan, key) ?? []);
          if (parts.length === 0) continue;
          const number = Math.max(...parts.map((part) => part.number));
          const halves = parts.map(({ rows }) => rollRows(rows, HALF_MS / slotMs, plan.summary));
          writer.add(plan.index, key, number, mergeRows(halves, plan.folds));
          await deps.breathe();
        }
      }
      await writer.finish();
    });
    await replace([{ kind: "half", path, writer }], () => []);
  };

  const gatherLevel = async (level: RollLevel): Promise<void> => {
    const segments = catalog.rolledSegments(level);
    const newest = segments.at(-1)?.day ?? 0;
    const first = segments.find(({ days, day }) => days === 1 && periodOf(day) < periodOf(newest));
    if (first === undefined) return;
    const parts = segments.filter(({ day }) => periodOf(day) === periodOf(first.day));
    const start = parts[0]?.day ?? first.day;
    const days = (periodOf(start) + 1) * GATHERED_DAYS - start;
    const path = catalog.spanPath(level, start, days);
    const stamps = parts.flatMap((part) => part.stamps);
    const writer = writerFor(level, path, { day: start, days, resolution: ROLL_MS[level], stamps });
    await writing([writer], async () => {
      for (const plan of plans) {
        for (const key of unionOf(parts.map((part) => keysOfSegment(part, plan)))) {
          const gathered = gatherGroup(parts, plan, key, deps.dropped.before(plan.index, key));
          if (gathered === undefined) continue;
          writer.add(plan.index, key, gathered.number, gathered.rows);
          await deps.breathe();
        }
      }
      await writer.finish();
    });
    await replace([{ kind: level, path, writer }], () => []);
  };

  return {
    compactDay,
    rollDay,
    halve: async () => {
      const rolledToo = new Set(catalog.halfRolledDays());
      const stale = catalog.rawDays().filter((day) => !rolledToo.has(day) && catalog.half(day) === undefined);
      for (const period of new Set(stale.map(halfPeriodOf))) await halvePeriod(period);
    },
    finishRolling: async () => {
      for (const day of catalog.halfRolledDays()) await rollDay(day);
    },
    gather: async () => {
      for (const level of ROLL_LEVELS) await gatherLevel(level);
    },
  };
}

function halfPeriodOf(day: number): number {
  return Math.floor(day / HALF_DAYS);
}

function periodOf(day: number): number {
  return Math.floor(day / GATHERED_DAYS);
}

/** Removes unfinished files when the work fails. */
async function writing(writers: readonly SegmentWriter[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const writer of writers) writer.abandon();
    throw error;
  }
}

function keysOfDay(catalog: Catalog, plan: FamilyPlan, day: number): number[] {
  const log = catalog.chunks(day);
  const raw = catalog.raw(day);
  return unionOf([log?.keys(familyIn(log.families, plan)) ?? [], raw === undefined ? [] : keysOfSegment(raw, plan)]);
}

function keysOfSegment(segment: Segment, plan: FamilyPlan): Iterable<number> {
  return segment.keys(segment.family(plan.family.name));
}

function unionOf(lists: readonly Iterable<number>[]): number[] {
  const keys = new Set<number>();
  for (const list of lists) for (const key of list) keys.add(key);
  return [...keys].sort((a, b) => a - b);
}

/** Roll-ups of a group from several files as one. A part that is damaged is left out; reading it earlier has counted it. */
function gatherGroup(parts: readonly Segment[], plan: FamilyPlan, key: number, gone: number): { rows: Rows; number: number } | undefined {
  const sources: Rows[] = [];
  let number = 0;
  for (const part of parts) {
    const family = part.family(plan.family.name);
    const entry = part.find(family, key);
    if (entry === undefined || entry.number <= gone) continue;
    number = Math.max(number, entry.number);
    try {
      sources.push(part.readRows(entry, family, plan.rolled, () => undefined));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  const folds = plan.rolled.map(({ fold }) => fold);
  return sources.length === 0 ? undefined : { rows: mergeRows(sources, folds), number };
}
