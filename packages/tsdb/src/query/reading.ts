import type { Catalog } from "../files/catalog.ts";
import type { Dropped } from "../files/dropped.ts";
import { HALF_MS } from "../files/segment-kinds.ts";
import { createBuckets, type Buckets, type Points } from "./buckets.ts";
import { createDamage } from "./damage.ts";
import { createFolding, foldHead } from "./folding.ts";
import type { Question } from "./question.ts";
import { createSealedDays, type SealedDays } from "./sealed-days.ts";
import { daysOf, sourcesOf } from "./sources.ts";

/** Reads what is stored, wherever it lies. */
export interface Reading extends SealedDays {
  answer(question: Question): Points;
  /** Damaged parts met so far; each is counted once. */
  readonly damaged: number;
}

const MOST_BUCKETS = 500_000;

export function createReading(deps: { catalog: Catalog; dropped: Dropped; slotMs: number }): Reading {
  const { catalog, slotMs } = deps;
  const damage = createDamage();
  const folding = createFolding({ ...deps, damage });
  /** False when a file turned out to be damaged that others can stand in for: the answer has to be begun again. */
  const foldDays = (question: Question, into: Buckets): boolean => {
    const days = daysOf(question, catalog);
    for (const day of days) {
      const log = catalog.chunks(day);
      if (log !== undefined) folding.chunks(log, question, into);
    }
    for (const [segment, answered] of sourcesOf(question, days, catalog)) {
      const before = damage.size;
      const partly = days.some((day) => segment.day <= day && day < segment.day + segment.days && !answered.has(day));
      folding.segment(segment, question, into, partly ? answered : undefined);
      if (segment.resolution !== HALF_MS || damage.size === before) continue;
      // Nothing is lost with it: it is made anew, and the points themselves answer meanwhile.
      catalog.remove(segment);
      return false;
    }
    return true;
  };
  const answer = (question: Question): Points => {
    if ((question.to - question.from) / question.step > MOST_BUCKETS) throw new RangeError("too many points asked for at once");
    const into = createBuckets(question.from, question.to, question.step, question.columns);
    if (question.group !== undefined) foldHead(question, question.group, into, slotMs);
    if (!foldDays(question, into)) return answer(question);
    catalog.releaseIdle();
    return into.points();
  };
  return {
    ...createSealedDays({ ...deps, damage }),
    answer,
    get damaged() {
      return damage.size;
    },
  };
}
