import { join } from "node:path";
import type { Disk } from "./files/disk.ts";
import { openSegment, type Segment } from "./files/segment.ts";

/** What the points of one column take. */
export interface ColumnBytes {
  readonly column: string;
  /** Bytes of its values alone, in the files of whole days. */
  readonly bytes: number;
  /** Points in these files, those without a value included. */
  readonly points: number;
}

/**
 * What each column of a family takes where points lie for good: in the complete files of days, whose points have the resolution `slotMs`.
 * Times, numbers of samples, checksums and indexes belong to no column. A damaged file is left out.
 */
export function columnBytes(disk: Disk, folder: string, family: string, slotMs: number): ColumnBytes[] {
  const found = new Map<string, { bytes: number; points: number }>();
  for (const name of disk.list(folder)) {
    const segment = name.endsWith(".seg") ? openSegment(disk, join(folder, name)) : undefined;
    if (segment === undefined) continue;
    if (segment.resolution === slotMs && segment.days === 1) addSegment(segment, family, found);
    segment.release();
  }
  return [...found].map(([column, sums]) => ({ column, ...sums }));
}

function addSegment(segment: Segment, family: string, into: Map<string, { bytes: number; points: number }>): void {
  const index = segment.family(family);
  if (index < 0) return;
  const columns = segment.families[index]?.columns ?? [];
  for (const key of segment.keys(index)) {
    const entry = segment.find(index, key);
    if (entry === undefined) continue;
    const { rows, lengths } = segment.readHead(entry);
    for (const [position, { name }] of columns.entries()) {
      const sums = into.get(name) ?? { bytes: 0, points: 0 };
      into.set(name, { bytes: sums.bytes + (lengths[position] ?? 0), points: sums.points + rows });
    }
  }
}
