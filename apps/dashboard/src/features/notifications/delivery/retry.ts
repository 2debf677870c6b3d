const MINUTE_MS = 60_000;
const QUICK_MS = 30_000;
const QUICK_TRIES = 10;
const LONGEST_MS = 15 * MINUTE_MS;
const GIVE_UP_MS = 24 * 60 * MINUTE_MS;

/**
 * Milliseconds until the next try (spec 30 section 3.7): 30 s ten times, then 1, 2, 4, 8 and 15 minutes; a day after the event
 * `undefined`: given up.
 */
export function retryAfter(attempts: number, ageMs: number): number | undefined {
  if (ageMs >= GIVE_UP_MS) return undefined;
  if (attempts <= QUICK_TRIES) return QUICK_MS;
  return Math.min(MINUTE_MS * 2 ** Math.min(attempts - QUICK_TRIES - 1, 10), LONGEST_MS);
}
