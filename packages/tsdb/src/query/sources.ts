import type { Catalog } from "../files/catalog.ts";
import { DAY_MS, HALF_MS, ROLL_MS, type RollLevel } from "../files/segment-kinds.ts";
import { holdsDay } from "../files/leftovers.ts";
import type { Question } from "./question.ts";
import type { Segment } from "../files/segment.ts";

/** Which segments answer for which days of a question; chunks come besides. Oldest first. */
export function sourcesOf(question: Question, days: readonly number[], catalog: Catalog): Map<Segment, Set<number>> {
  const sources = new Map<Segment, Set<number>>();
  const use = (segment: Segment, day: number): void => void sources.set(segment, (sources.get(segment) ?? new Set()).add(day));
  const coarse = question.step % HALF_MS === 0 && question.columns.every(({ own }) => own);
  /** Half-hour points cannot be cut where the window begins. */
  const cut = question.from % HALF_MS === 0 ? undefined : Math.floor(question.from / DAY_MS);
  for (const day of days) {
    const half = coarse && (day !== cut || catalog.raw(day) === undefined) ? catalog.half(day) : undefined;
    if (half !== undefined) {
      use(half, day);
      continue;
    }
    const raw = catalog.raw(day);
    const rolled = rolledFor(catalog, day, question.step);
    if (rolled !== undefined) use(rolled, day);
    if (raw !== undefined && (rolled === undefined || !holdsDay(rolled, raw))) use(raw, day);
  }
  return sources;
}

/** Days of a question that files may know, oldest first. */
export function daysOf({ from, to }: Pick<Question, "from" | "to">, catalog: Catalog): number[] {
  const first = Math.floor(from / DAY_MS);
  const last = Math.floor(to / DAY_MS);
  const known = new Set([...catalog.rawDays(), ...catalog.chunkDays()]);
  for (const level of ["five", "hour"] as const) {
    for (const segment of catalog.rolledSegments(level)) {
      for (let day = segment.day; day < segment.day + segment.days; day++) known.add(day);
    }
  }
  return [...known].filter((day) => day >= first && day <= last).sort((a, b) => a - b);
}

function rolledFor(catalog: Catalog, day: number, step: number): Segment | undefined {
  const levels: readonly RollLevel[] = step >= ROLL_MS.hour ? ["hour", "five"] : ["five", "hour"];
  for (const level of levels) {
    const segment = catalog.rolled(level, day);
    if (segment !== undefined) return segment;
  }
  return undefined;
}
