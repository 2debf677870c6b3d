const MINUTE = 60_000;
const FIRST_WAIT_MS = 15 * MINUTE;
const LONGEST_WAIT_MS = 24 * 60 * MINUTE;
/** An event that is not told for so long after its wait is forgotten. */
const GRACE_MS = 10 * MINUTE;

/** Until when an event is not told again through one channel. Milliseconds, `until` as Unix time. */
export interface MuteEntry {
  readonly wait: number;
  readonly until: number;
}

/** Clocks that are corrected bit by bit go back less than this. */
const CORRECTION_MS = MINUTE;

/** Whether an event is to be held back now (spec 30 section 3.6). Nothing is held back for longer than its wait: the clock was set back then. */
export function isMuted(entry: MuteEntry | undefined, now: number): boolean {
  return entry !== undefined && now <= entry.until && entry.until - now <= entry.wait + CORRECTION_MS;
}

/** The entry after the event was told: at once, after 15 minutes, then at doubled distances up to a day. */
export function afterTelling(entry: MuteEntry | undefined, now: number): MuteEntry {
  const wait = entry === undefined || isForgotten(entry, now) ? FIRST_WAIT_MS : Math.min(2 * entry.wait, LONGEST_WAIT_MS);
  return { wait, until: now + wait };
}

export function isForgotten({ until }: MuteEntry, now: number): boolean {
  return now > until + GRACE_MS;
}
