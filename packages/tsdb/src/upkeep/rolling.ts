import { mergeRows } from "../codec/rows.ts";
import { holdsDay } from "../files/leftovers.ts";
import { HALF_DAYS, ROLL_LEVELS, ROLL_MS, type RollLevel } from "../files/segment-kinds.ts";
import type { SegmentWriter } from "../files/segment-writer.ts";
import type { Segment } from "../files/segment.ts";
import { halfPeriodOf } from "./halving.ts";
import { gatherGroup, keysOfSegment, unionOf, writing, type Rewriting, type RewritingDeps } from "./rewriting.ts";
import { rollRows } from "./rollup.ts";

/** Replaces the points of a day by roll-ups. */
export function createRolling(deps: RewritingDeps, { writerFor, replace }: Rewriting): (day: number) => Promise<void> {
  const { catalog, plans, reading, slotMs } = deps;

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

  return async (day) => {
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
}
