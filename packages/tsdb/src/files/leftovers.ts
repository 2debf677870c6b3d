import type { Segment } from "./segment.ts";

/** Whether a roll-up already holds all points of a day's segment: then the segment was left over when the work was interrupted. */
export function holdsDay(rolled: Segment, raw: Segment): boolean {
  const [own] = raw.stamps;
  if (own === undefined) return false;
  const held = rolled.stamps.find(({ day }) => day === raw.day);
  if (held !== undefined) return held.stamp >= own.stamp;
  // Files of version 1 have no stamps; those of single days were made of one segment alone.
  return rolled.days === 1 && holdsRows(rolled, raw);
}

/** Whether every group of a file is in another one at least as far as there. */
export function holdsRows(outer: Segment, inner: Segment): boolean {
  return inner.families.every(({ name }) => {
    const [from, to] = [inner.family(name), outer.family(name)];
    return inner.keys(from).every((key) => (outer.find(to, key)?.number ?? 0) >= (inner.find(from, key)?.number ?? 0));
  });
}

/** What an interruption left: files whose content lies in a larger or a coarser one already, and half-hour points of no day. */
export function leftoversOf(
  raw: ReadonlyMap<number, Segment>,
  rolled: Readonly<Record<"half" | "five" | "hour", readonly Segment[]>>,
): Segment[] {
  const levels = [rolled.five, rolled.hour];
  const inLarger = levels.flatMap((segments) =>
    segments.filter((inner) => segments.some((outer) => outer.days > inner.days && covers(outer, inner) && holdsRows(outer, inner))),
  );
  const inCoarser = [...raw.values()].filter((segment) =>
    levels.map((segments) => covering(segments, segment.day)).every((roll) => roll !== undefined && holdsDay(roll, segment)),
  );
  const days = [...raw.values()].filter((segment) => !inCoarser.includes(segment));
  const ofNoDay = rolled.half.filter((half) => !days.some((day) => covers(half, day)));
  return [...inLarger, ...inCoarser, ...ofNoDay];
}

/** Whether half-hour points are those of the days as they are now, be it their segments or the roll-ups that took their place. */
export function isCurrent(half: Segment, raw: ReadonlyMap<number, Segment>, rolled: readonly Segment[]): boolean {
  return half.stamps.every(({ day, stamp }) => {
    const stamps = raw.get(day)?.stamps ?? covering(rolled, day)?.stamps ?? [];
    return stamps.find((now) => now.day === day)?.stamp === stamp || (!raw.has(day) && stamps.length === 0);
  });
}

export function covering(segments: readonly Segment[], day: number): Segment | undefined {
  return segments.find((segment) => segment.day <= day && day < segment.day + segment.days);
}

export function covers(outer: Segment, inner: Segment): boolean {
  return outer.day <= inner.day && inner.day + inner.days <= outer.day + outer.days;
}
