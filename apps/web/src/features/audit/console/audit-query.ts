import { sinceMoment } from "#shell/console/since.ts";
import { chosenParts, oneOf, wholeNumber } from "#shell/navigation.ts";
import type { SearchParams } from "#shell/navigation.ts";

export const ACTORS = ["user", "token", "mcp", "system", "guest"] as const;
export const PAGE_SIZE = 100;

/** Search parameters that narrow the log. */
export const FILTERS = ["actor", "user", "kind", "key", "action", "since", "q"] as const;
export const isFiltered = (search: SearchParams): boolean => FILTERS.some((name) => search[name] !== undefined);

/** What the log is asked for by what the address says; parts that mean nothing are left out. */
export function auditFilter(search: SearchParams, now: number): Record<string, string> {
  const kind = search["kind"];
  return chosenParts({
    actor: oneOf(search["actor"], ACTORS),
    user: wholeNumber(search["user"]),
    kind,
    key: kind === undefined ? undefined : search["key"],
    action: search["action"],
    since: sinceMoment(search, now),
    text: search["q"]?.slice(0, 200),
  });
}

/** A value of a changed field as one text; "–" where there was none. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null || value === "") return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
