import type { Database } from "#platform/database";
import { createHourReaders } from "./bars.ts";
import type { HourReaders } from "./bars.ts";
import { createTrafficBook } from "./book.ts";
import type { Metered, TrafficBook } from "./book.ts";
import { cleanLedger, cleanTransfers } from "./cleanup.ts";
import type { TrafficNeed } from "./cleanup.ts";
import { createHours } from "./hour.ts";
import { createTrafficStore } from "./store.ts";
import { createTrafficSums } from "./sums.ts";
import type { TrafficSums } from "./sums.ts";
import { ledger } from "./ledger.ts";

export { trafficBarRoutes } from "./bar-routes.ts";
export type { TrafficBook } from "./book.ts";
export { createTrafficCorrections } from "./correction-room.ts";
export type { TrafficCorrections } from "./correction-room.ts";
export type { TrafficNeed } from "./cleanup.ts";
export { createCycleTraffic } from "./cycle-traffic.ts";
export type { CycleTraffic } from "./cycle-traffic.ts";
export { cycleWindow } from "./cycle-window.ts";
export type { CycleWindow } from "./cycle-window.ts";
export { bootStep, TrafficMeter } from "./meter.ts";
export type { Traffic, TrafficRecord } from "./meter.ts";
export type { TrafficSums } from "./sums.ts";
export { forecast, totalTraffic } from "./total.ts";

/** What hosts have sent and received: counters, hourly rows, sums, clean-up. */
export interface TrafficLedger extends TrafficBook, HourReaders {
  /** Books what is not booked yet on the hour that `now` lies in (spec 30 section 8.6). */
  bookHour(servers: Iterable<Metered>, now: number): Promise<void>;
  readonly records: ReturnType<typeof createTrafficStore>["records"];
  readonly sums: TrafficSums;
  readonly startOfHour: ReturnType<typeof createHours>;
  /**
   * Deletes recorded traffic that nobody needs, and that of servers that are gone: from table `transfers` and, two months later, from the
   * ledger. `now` is Unix milliseconds; `isExact`: of servers that rules look at the ledger too keeps no more than they need.
   */
  clean(need: TrafficNeed, when: { readonly now: number; readonly isExact?: boolean }): Promise<void>;
}

/** @param zone whose hours rows are dated by */
export function createTraffic(database: Database, zone = "UTC"): TrafficLedger {
  const store = createTrafficStore(database);
  const book = createTrafficBook(store);
  const startOfHour = createHours(zone);
  return {
    ...book,
    bookHour: (servers, now) => book.book(servers, startOfHour(now)),
    records: store.records,
    sums: createTrafficSums(database),
    ...createHourReaders(database),
    startOfHour,
    async clean(need, { now, isExact = false }) {
      await ledger.takeUp(database);
      await cleanTransfers(database, need);
      await cleanLedger(database, need, { now, isExact });
    },
  };
}
