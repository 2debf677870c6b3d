import { oneOf } from "#shell/navigation.ts";
import type { SearchParams } from "#shell/navigation.ts";

export const STATES = ["running", "failed", "succeeded", "cancelled", "missed", "empty"] as const;
export const PAGE_SIZE = 50;
export const FILTERS = ["cron", "server", "state"] as const;

const whole = (text: string | undefined) => (text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? text : undefined);

/** What is asked of `GET /cron-run` by what the address says; parts that mean nothing are left out. */
export function runQuery(search: SearchParams): Record<string, string> {
  const query = {
    cron: whole(search["cron"]),
    server: whole(search["server"]),
    state: oneOf(search["state"], STATES),
    before: whole(search["before"]),
    limit: String(PAGE_SIZE),
  };
  return Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
