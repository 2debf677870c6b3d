import type { Calendar } from "./calendar.ts";
import type { HistoryTable } from "./history-table.ts";
import { DAYS } from "./statistics.ts";
import type { DayCounts, ServiceDay, ServiceStatistics } from "./statistics.ts";

export interface ReloadDeps {
  readonly table: HistoryTable | undefined;
  /** Daily counters of our own. */
  readonly stored: readonly ServiceDay[];
  readonly statistics: ServiceStatistics;
  readonly calendar: Calendar;
  readonly now: () => number;
  readonly isKnown: (serviceId: number) => boolean;
}

/**
 * Rebuilds the 30-day figures (spec 30 section 1.9) from the daily counters, and from the stored windows of each service where those know
 * more: days before there were counters, or on which the reference ran. Days are those of the dashboard's zone, and instants are compared as
 * such. Rows of services that are gone are left out.
 */
export async function reloadStatistics({ table, stored, statistics, calendar, now, isKnown }: ReloadDeps): Promise<void> {
  const counted = new Map(stored.map((day) => [`${day.serviceId} ${day.day}`, day]));
  for (const { serviceId, day, ...counts } of stored) if (isKnown(serviceId)) statistics.load(serviceId, day, counts);
  if (!table) return;
  const today = calendar.dayOf(now());
  for (let day = today - DAYS + 1; day <= today; day++) {
    const sums = await table.windowSums({ from: calendar.startOf(day), to: calendar.startOf(day + 1) });
    for (const { serviceId, ...counts } of sums) {
      const known = counted.get(`${serviceId} ${day}`);
      if (isKnown(serviceId) && (known === undefined || results(counts) > results(known))) statistics.load(serviceId, day, counts);
    }
  }
}

function results({ up, down }: DayCounts): number {
  return up + down;
}
