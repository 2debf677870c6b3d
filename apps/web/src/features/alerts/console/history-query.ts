import type { SearchParams } from "#shell/navigation.ts";
import { sinceMoment } from "#shell/console/since.ts";
import { chosenParts, oneOf, wholeNumber } from "#shell/navigation.ts";

export const PAGE_SIZE = 100;
export const STATES = ["open", "ended"] as const;
export const SOURCES = ["alert", "service"] as const;
export const SEVERITIES = ["critical", "warning", "info"] as const;

const FILTERS = ["state", "source", "severity", "server", "rule", "since", "before"] as const;
export const isFiltered = (search: SearchParams): boolean => FILTERS.some((key) => search[key] !== undefined);

/** What is asked of `GET /incident` by what the address says; parts that mean nothing are left out. */
export function historyQuery(search: SearchParams, now: number): Record<string, string> {
  const state = oneOf(search["state"], STATES);
  const rule = wholeNumber(search["rule"]);
  return chosenParts({
    open: state === undefined ? undefined : String(state === "open"),
    source: rule === undefined ? oneOf(search["source"], SOURCES) : "alert",
    source_id: rule,
    severity: oneOf(search["severity"], SEVERITIES),
    server: wholeNumber(search["server"]),
    since: sinceMoment(search, now),
    before: wholeNumber(search["before"]),
    limit: String(PAGE_SIZE),
  });
}
