import type { SearchParams } from "../navigation.ts";
import { oneOf } from "../navigation.ts";

const DAY = 24 * 3_600_000;
const LENGTHS = { day: DAY, week: 7 * DAY, month: 30 * DAY } as const;
/** How far back a list may be asked to go, as the search parameter `since` says it. */
export const SINCES = ["day", "week", "month"] as const;
/** The moment stays the same for so long, so that one page asks once. */
const STEP = 3_600_000;

/** When the list begins that the address asks for (ISO 8601); `undefined`: nobody chose. */
export function sinceMoment(search: SearchParams, now: number): string | undefined {
  const since = oneOf(search["since"], SINCES);
  return since === undefined ? undefined : new Date(Math.floor(now / STEP) * STEP - LENGTHS[since]).toISOString();
}
