import type { SearchParams } from "#shell/navigation.ts";
import { oneOf } from "#shell/navigation.ts";

export const PAGE_SIZE = 100;
export const STATES = ["open", "ended"] as const;
export const SOURCES = ["alert", "service"] as const;
export const SEVERITIES = ["critical", "warning", "info"] as const;
const DAY = 24 * 3_600_000;
export const SINCE = { day: DAY, week: 7 * DAY, month: 30 * DAY } as const;
export type Since = keyof typeof SINCE;
export const SINCES = Object.keys(SINCE) as Since[];
/** A query's moment stays the same for so long, so that one page asks once. */
const STEP = 3_600_000;

const FILTERS = ["state", "source", "severity", "server", "rule", "since", "before"] as const;
export const isFiltered = (search: SearchParams): boolean => FILTERS.some((key) => search[key] !== undefined);

const whole = (text: string | undefined) => (text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? text : undefined);

/** What is asked of `GET /incident` by what the address says; parts that mean nothing are left out. */
export function historyQuery(search: SearchParams, now: number): Record<string, string> {
  const state = oneOf(search["state"], STATES);
  const since = oneOf(search["since"], SINCES);
  const rule = whole(search["rule"]);
  const query = {
    open: state === undefined ? undefined : String(state === "open"),
    source: rule === undefined ? oneOf(search["source"], SOURCES) : "alert",
    source_id: rule,
    severity: oneOf(search["severity"], SEVERITIES),
    server: whole(search["server"]),
    since: since === undefined ? undefined : new Date(Math.floor(now / STEP) * STEP - SINCE[since]).toISOString(),
    before: whole(search["before"]),
    limit: String(PAGE_SIZE),
  };
  return Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
