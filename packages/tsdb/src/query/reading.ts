import type { Catalog } from "../files/catalog.ts";
import type { Dropped } from "../files/dropped.ts";
import { DAY_MS, HALF_MS } from "../files/segment-kinds.ts";
import { createBuckets, joinPoints, type Buckets, type Points, type RowSink } from "./buckets.ts";
import { createDamage } from "./damage.ts";
import { createFolding, foldHead } from "./folding.ts";
import { createKeptAnswers } from "./kept-answers.ts";
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

export function createReading(deps: { catalog: Catalog; dropped: Dropped; slotMs: number; keptBytes: number }): Reading {
  const { catalog, slotMs } = deps;
  const damage = createDamage();
  const folding = createFolding({ ...deps, damage });
  /** False when a file turned out to be damaged that others can stand in for: the answer has to be begun again. */
  const foldDays = (question: Question, into: RowSink): boolean => {
    const days = daysOf(question, catalog);
    for (const [segment, answered] of sourcesOf(question, days, catalog)) {
      const before = damage.size;
      const partly = days.some((day) => segment.day <= day && day < segment.day + segment.days && !answered.has(day));
      folding.segment(segment, question, into, partly ? answered : undefined);
      if (segment.resolution !== HALF_MS || damage.size === before) continue;
      // Nothing is lost with it: it is made anew, and the points themselves answer meanwhile.
      catalog.remove(segment);
      return false;
    }
    for (const day of days) {
      const log = catalog.chunks(day);
      if (log !== undefined) folding.chunks(log, question, into);
    }
    return true;
  };
  const sealed = <Sink extends RowSink>(question: Question, begin: () => Sink): Sink => {
    const into = begin();
    if (!foldDays(question, into)) return sealed(question, begin);
    catalog.releaseIdle();
    return into;
  };
  const kept = createKeptAnswers({ ...deps, limitBytes: deps.keptBytes, sealed });
  const withHead = (question: Question, buckets: Buckets): Points => {
    if (question.group !== undefined) foldHead(question, question.group, buckets, slotMs);
    return buckets.points();
  };
  const answer = (question: Question): Points => {
    const { from, to, step, columns } = question;
    if ((to - from) / step > MOST_BUCKETS) throw new RangeError("too many points asked for at once");
    const start = Math.ceil(from / step) * step;
    // Lists ask for an hour of every server: to keep that would cost weeks and months their place.
    if (to - from <= DAY_MS || step <= slotMs || start > to)
      return withHead(
        question,
        sealed(question, () => createBuckets(question, columns)),
      );
    const rest = { ...question, from: start, isContinued: start > from };
    const points = withHead(rest, kept.whole(rest));
    if (start === from) return points;
    const begun = { ...question, to: start - 1 };
    const buckets = createBuckets(begun, columns);
    kept.before(rest, buckets);
    return joinPoints(withHead(begun, buckets), points);
  };
  return {
    ...createSealedDays({ ...deps, damage }),
    answer,
    get damaged() {
      return damage.size;
    },
  };
}
