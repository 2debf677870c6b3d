import { ROLL_LEVELS, ROLL_MS, type RollLevel } from "../files/segment-kinds.ts";
import { gatherGroup, keysOfSegment, unionOf, writing, type Rewriting, type RewritingDeps } from "./rewriting.ts";

/** Roll-ups of single days are gathered in files of this many days. */
export const GATHERED_DAYS = 32;

/** Gathers roll-ups of single days where a stretch of days is complete. */
export function createGathering(deps: RewritingDeps, { writerFor, replace }: Rewriting): () => Promise<void> {
  const { catalog, plans } = deps;

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

  return async () => {
    for (const level of ROLL_LEVELS) await gatherLevel(level);
  };
}

function periodOf(day: number): number {
  return Math.floor(day / GATHERED_DAYS);
}
