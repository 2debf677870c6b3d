import type { BlockEncoder } from "../codec/block.ts";
import { mergeRows, type Rows } from "../codec/rows.ts";
import { halfFamilies, pointFamilies, rolledFamilies, type FamilyPlan } from "../families.ts";
import type { Catalog } from "../files/catalog.ts";
import type { Disk } from "../files/disk.ts";
import type { Dropped } from "../files/dropped.ts";
import type { SegmentKind } from "../files/segment-kinds.ts";
import { createSegmentWriter, type SegmentSpan, type SegmentWriter } from "../files/segment-writer.ts";
import type { Segment } from "../files/segment.ts";
import type { Reading } from "../query/reading.ts";

/** What rewriting sealed files needs. */
export interface RewritingDeps {
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

/** A file that is being written. */
export interface NewFile {
  readonly kind: SegmentKind;
  readonly path: string;
  readonly writer: SegmentWriter;
}

/** How sealed files are written anew. */
export interface Rewriting {
  writerFor(kind: SegmentKind, path: string, span: SegmentSpan): SegmentWriter;
  /** Puts finished files in the place of others, which go only when their successors are certain to stay. */
  replace(files: readonly NewFile[], others: () => string[]): Promise<void>;
}

export function createRewriting({ catalog, disk, folder, plans, encoder }: RewritingDeps): Rewriting {
  const columns = { raw: pointFamilies(plans), half: halfFamilies(plans), five: rolledFamilies(plans), hour: rolledFamilies(plans) };
  return {
    writerFor: (kind, path, span) => createSegmentWriter(disk, path, span, columns[kind], encoder),
    replace: async (files, others) => {
      const replaced: string[] = [];
      for (const { kind, path, writer } of files) {
        writer.publish();
        replaced.push(...catalog.install(kind, path));
      }
      replaced.push(...others());
      await disk.syncFolder(folder);
      catalog.discard(replaced);
    },
  };
}

/** Removes unfinished files when the work fails. */
export async function writing(writers: readonly SegmentWriter[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const writer of writers) writer.abandon();
    throw error;
  }
}

export function keysOfSegment(segment: Segment, plan: FamilyPlan): Iterable<number> {
  return segment.keys(segment.family(plan.family.name));
}

export function unionOf(lists: readonly Iterable<number>[]): number[] {
  const keys = new Set<number>();
  for (const list of lists) for (const key of list) keys.add(key);
  return [...keys].sort((a, b) => a - b);
}

/** Roll-ups of a group from several files as one. A part that is damaged is left out; reading it earlier has counted it. */
export function gatherGroup(
  parts: readonly Segment[],
  plan: FamilyPlan,
  key: number,
  gone: number,
): { rows: Rows; number: number } | undefined {
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
