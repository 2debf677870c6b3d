/** What the dashboard answers while it can read nothing of the past. */
const HISTORY_AWAY = "history cannot be read right now";
/** What is away is asked for again so soon. */
const AGAIN_MS = 5_000;

export function isHistoryAway(error: Error | null | undefined): boolean {
  return error?.message === HISTORY_AWAY;
}

/** When what was read is read again: sooner where it could not be. */
export function rereadAfter(error: Error | null | undefined, everyMs: number): number {
  return isHistoryAway(error) ? Math.min(AGAIN_MS, everyMs) : everyMs;
}
