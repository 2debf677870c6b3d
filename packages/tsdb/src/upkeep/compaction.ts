import type { FamilyPlan } from "../families.ts";
import type { Catalog } from "../files/catalog.ts";
import { ROLL_LEVELS } from "../files/segment-kinds.ts";
import { familyIn } from "../query/question.ts";
import { keysOfSegment, unionOf, writing, type Rewriting, type RewritingDeps } from "./rewriting.ts";

/** Gathers the chunks of a day, and what its segment held before, in one segment. */
export function createCompaction(deps: RewritingDeps, { writerFor, replace }: Rewriting): (day: number) => Promise<void> {
  const { catalog, plans, reading, slotMs } = deps;

  /** Rows may be closed long before they are sealed: the number of the last one alone does not tell two versions of a day apart. */
  const nextStamp = (day: number): number => {
    const earlier = [catalog.raw(day), ...ROLL_LEVELS.map((level) => catalog.rolled(level, day))].flatMap(
      (segment) => segment?.stamps ?? [],
    );
    return Math.max(deps.last(), ...earlier.filter((stamp) => stamp.day === day).map(({ stamp }) => stamp + 1));
  };

  return async (day) => {
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
}

function keysOfDay(catalog: Catalog, plan: FamilyPlan, day: number): number[] {
  const log = catalog.chunks(day);
  const raw = catalog.raw(day);
  return unionOf([log?.keys(familyIn(log.families, plan)) ?? [], raw === undefined ? [] : keysOfSegment(raw, plan)]);
}
