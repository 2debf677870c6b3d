import { SLOT_MS } from "@windfire/tsdb";

const DAY_MS = 86_400_000;
/** Length of the shortest roll-ups. */
const ROLLED_MS = 5 * 60_000;
const ROLLED_DAYS = 32;

/** Time of one group that is moved at once: some thousand rows. Unix milliseconds, both inside. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Milliseconds of a row. */
  readonly step: number;
}

/**
 * Whole days, oldest first: half minutes where they are held, and before that what they were rolled up to.
 *
 * @param held where the oldest day and where the half minutes begin, and the present, Unix milliseconds
 */
export function* stretchesOf(held: { readonly oldest: number; readonly pointsFrom: number; readonly now: number }): Generator<Stretch> {
  const end = startOfDay(held.now) + DAY_MS;
  const whole = Math.min(end, Math.max(startOfDay(held.oldest), held.pointsFrom));
  for (let from = startOfDay(held.oldest); from < whole; from += ROLLED_DAYS * DAY_MS) {
    yield { from, to: Math.min(whole, from + ROLLED_DAYS * DAY_MS) - 1, step: ROLLED_MS };
  }
  for (let from = whole; from < end; from += DAY_MS) yield { from, to: from + DAY_MS - 1, step: SLOT_MS };
}

/** From when on a place that keeps points for some days takes them, however long the move takes. */
export function keptFrom(now: number, retentionDays: number | undefined): number {
  return retentionDays === undefined ? 0 : Math.max(0, startOfDay(now - retentionDays * DAY_MS) + 2 * DAY_MS);
}

function startOfDay(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}
