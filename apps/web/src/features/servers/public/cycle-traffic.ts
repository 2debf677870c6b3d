import type { ServicesOverview } from "@windfire/api";
import { parseTime } from "#lib/time-format.ts";
import type { CycleTraffic } from "./plan-line.tsx";

/** Traffic of the running cycle of each server; of several rules the one nearest to its limit (spec 11 section 4.5). */
export function cycleTraffic(overview: ServicesOverview | undefined): ReadonlyMap<number, CycleTraffic> {
  const found = new Map<number, CycleTraffic>();
  for (const rule of Object.values(overview?.cycle_transfer_stats ?? {})) {
    for (const [key, used] of Object.entries(rule.transfer ?? {})) {
      const id = Number(key);
      const next = { name: rule.name, used, limit: rule.max, from: parseTime(rule.from), to: parseTime(rule.to) };
      const known = found.get(id);
      if (known === undefined || fill(next) > fill(known)) found.set(id, next);
    }
  }
  return found;
}

function fill({ used, limit }: CycleTraffic): number {
  return limit === 0 ? 0 : used / limit;
}
