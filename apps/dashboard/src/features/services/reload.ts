import type { Calendar } from "./calendar.ts";
import type { HistoryTable } from "./history-table.ts";
import { DAYS } from "./statistics.ts";
import type { ServiceStatistics } from "./statistics.ts";

export interface ReloadDeps {
  readonly table: HistoryTable;
  readonly statistics: ServiceStatistics;
  readonly calendar: Calendar;
  readonly now: () => number;
  readonly isKnown: (serviceId: number) => boolean;
}

/**
 * Rebuilds the 30-day figures from the stored windows of each service (spec 30 section 1.9). Days are those of the dashboard's zone, and
 * instants are compared as such. Rows of services that are gone are left out.
 */
export async function reloadStatistics({ table, statistics, calendar, now, isKnown }: ReloadDeps): Promise<void> {
  const today = calendar.dayOf(now());
  for (let day = today - DAYS + 1; day <= today; day++) {
    const sums = await table.windowSums({ from: calendar.startOf(day), to: calendar.startOf(day + 1) });
    for (const { serviceId, ...counts } of sums) if (isKnown(serviceId)) statistics.load(serviceId, day, counts);
  }
}
