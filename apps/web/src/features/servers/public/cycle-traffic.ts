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

/** The running cycle of one rule on one server. */
export interface Cycle {
  readonly rule: string;
  readonly name: string;
  /** Bytes; a limit of 0 is none. */
  readonly used: number;
  readonly limit: number;
  /** Bytes at the end of the cycle if it goes on like this. */
  readonly forecast: number | undefined;
  readonly from: string;
  readonly to: string;
}

/** All running cycles of a server. */
export function cyclesOf(overview: ServicesOverview | undefined, id: number): readonly Cycle[] {
  return Object.entries(overview?.cycle_transfer_stats ?? {}).flatMap(([rule, { name, max, from, to, transfer, forecast }]) => {
    const used = transfer?.[String(id)];
    return used === undefined ? [] : [{ rule, name, used, limit: max, forecast: forecast?.[String(id)], from, to }];
  });
}
