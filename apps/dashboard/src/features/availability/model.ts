/** A server came or went. Unix milliseconds. */
export interface Turn {
  readonly at: number;
  readonly online: boolean;
}

/** A time `[from, to)`; Unix milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How long the dashboard ran. */
export interface Run {
  readonly startedAt: number;
  readonly seenAt: number;
}

/** How much of a time a server was there; milliseconds. */
export interface Shares {
  readonly onlineMs: number;
  readonly offlineMs: number;
  readonly unknownMs: number;
  /** Planned work was under way: counted as neither. */
  readonly plannedMs: number;
}

/** A server without a report for longer is offline, from its last report on. */
export const OFFLINE_MS = 30_000;
/** Agents have so long to come back after a start of the dashboard; nothing is known of that time. */
export const GRACE_MS = 60_000;

/** That the dashboard runs is noted so often: a kill costs no more of what is known. */
export const BEAT_MS = 30_000;

/** The same, the newest going on until now, as far as that may be: another process, which notes it from time to time, is in it. */
export function lastingUntil(runs: readonly Run[], now: number): readonly Run[] {
  const newest = runs.at(-1);
  if (newest === undefined || now < newest.seenAt || now - newest.seenAt > 2 * BEAT_MS) return runs;
  return [...runs.slice(0, -1), { ...newest, seenAt: now }];
}

/** When something is known: the dashboard ran, and not only just. Ascending, without overlaps. */
export function knownSpans(runs: readonly Run[]): Span[] {
  const spans: { from: number; to: number }[] = [];
  const known = runs.map(({ startedAt, seenAt }) => ({ from: startedAt + GRACE_MS, to: seenAt })).filter(({ from, to }) => from < to);
  for (const span of known.toSorted((a, b) => a.from - b.from)) {
    const last = spans.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else spans.push(span);
  }
  return spans;
}

/** When a server was there, or was away, as far as it is known, within a time. `turns` ascending. */
export function spansOf(turns: readonly Turn[], online: boolean, known: readonly Span[], { from, to }: Span): Span[] {
  const found: Span[] = [];
  let next = 0;
  for (const [index, turn] of turns.entries()) {
    const end = Math.min(turns[index + 1]?.at ?? to, to);
    if (turn.online !== online || end <= from) continue;
    while (next < known.length && (known[next] as Span).to <= turn.at) next++;
    for (let at = next; at < known.length; at++) {
      const span = known[at] as Span;
      if (span.from >= end) break;
      const cut = { from: Math.max(span.from, turn.at, from), to: Math.min(span.to, end) };
      if (cut.from < cut.to) found.push(cut);
    }
  }
  return found;
}

/** Adds up within a time; what lies in planned work counts as that alone. */
export function sharesOf(online: readonly Span[], offline: readonly Span[], whole: Span, planned: readonly Span[] = []): Shares {
  const onlineMs = lengthOf(without(online, planned), whole);
  const offlineMs = lengthOf(without(offline, planned), whole);
  const plannedMs = lengthOf(planned, whole);
  return { onlineMs, offlineMs, plannedMs, unknownMs: whole.to - whole.from - onlineMs - offlineMs - plannedMs };
}

/** What is left of spans outside of others; both ascending and without overlaps. */
export function without(spans: readonly Span[], cuts: readonly Span[]): readonly Span[] {
  if (cuts.length === 0) return spans;
  return spans.flatMap((span) => {
    const left: Span[] = [];
    let { from } = span;
    for (const cut of cuts) {
      if (cut.to <= from || cut.from >= span.to) continue;
      if (cut.from > from) left.push({ from, to: cut.from });
      from = Math.max(from, cut.to);
    }
    return from < span.to ? [...left, { from, to: span.to }] : left;
  });
}

function lengthOf(spans: readonly Span[], { from, to }: Span): number {
  let length = 0;
  for (const span of spans) length += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
  return length;
}

/**
 * Availability, wherever it is shown: percent of what is known and was not planned, to four decimals. Rounded down, so that what failed is
 * never 100; `undefined` when nothing is known. Milliseconds of a server, results of a service.
 */
export function availabilityOf(good: number, bad: number): number | undefined {
  return good + bad === 0 ? undefined : Math.floor((good / (good + bad)) * 1_000_000) / 10_000;
}

/** See {@link availabilityOf}. */
export function percentOf({ onlineMs, offlineMs }: Pick<Shares, "onlineMs" | "offlineMs">): number | undefined {
  return availabilityOf(onlineMs, offlineMs);
}
