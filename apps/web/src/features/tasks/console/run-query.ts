import { chosenParts, oneOf, wholeNumber } from "#shell/navigation.ts";
import type { SearchParams } from "#shell/navigation.ts";

export const STATES = ["running", "failed", "succeeded", "cancelled", "missed", "empty"] as const;
export const PAGE_SIZE = 50;
export const FILTERS = ["cron", "server", "state"] as const;

/** What is asked of `GET /cron-run` by what the address says; parts that mean nothing are left out. */
export function runQuery(search: SearchParams): Record<string, string> {
  return chosenParts({
    cron: wholeNumber(search["cron"]),
    server: wholeNumber(search["server"]),
    state: oneOf(search["state"], STATES),
    before: wholeNumber(search["before"]),
    limit: String(PAGE_SIZE),
  });
}
