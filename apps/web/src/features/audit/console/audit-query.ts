import { oneOf } from "#shell/navigation.ts";
import type { SearchParams } from "#shell/navigation.ts";

export const ACTORS = ["user", "token", "mcp", "system", "guest"] as const;
const DAY = 24 * 3_600_000;
const SINCE = { day: DAY, week: 7 * DAY, month: 30 * DAY } as const;
export const SINCES = ["day", "week", "month"] as const;
/** A query's moment stays the same for so long, so that one page asks once. */
const STEP = 3_600_000;
export const PAGE_SIZE = 100;

/** Search parameters that narrow the log. */
export const FILTERS = ["actor", "user", "kind", "key", "action", "since", "q"] as const;
export const isFiltered = (search: SearchParams): boolean => FILTERS.some((name) => search[name] !== undefined);

/** What the log is asked for by what the address says; parts that mean nothing are left out. */
export function auditFilter(search: SearchParams, now: number): Record<string, string> {
  const since = oneOf(search["since"], SINCES);
  const user = /^[1-9]\d{0,15}$/.test(search["user"] ?? "") ? search["user"] : undefined;
  const kind = search["kind"];
  const query = {
    actor: oneOf(search["actor"], ACTORS),
    user,
    kind,
    key: kind === undefined ? undefined : search["key"],
    action: search["action"],
    since: since === undefined ? undefined : new Date(Math.floor(now / STEP) * STEP - SINCE[since]).toISOString(),
    text: search["q"]?.slice(0, 200),
  };
  return Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** A value of a changed field as one text; "–" where there was none. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null || value === "") return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
