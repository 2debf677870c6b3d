import { createSerialQueue } from "@windfire/kit";
import type { Queries } from "#platform/database";
import type { Seat } from "#platform/leases";
import type { Job, Scheduler } from "#platform/scheduler";
import type { ServiceHalves } from "./halves.ts";
import { DAYS } from "./statistics.ts";
import type { ServiceDay, ServiceStatistics } from "./statistics.ts";
import { serviceStore } from "./store.ts";

/** What is counted of the days is stored this often: a crash costs no more. */
const STORE_EVERY_MS = 5_000;
/** What is counted of half hours is read, taken apart and written again: only every so many times. */
const HALVES_EVERY = 6;
/** More than are shown. */
const KEPT_DAYS = 100;
/** Days written in one transaction. */
const BATCH = 200;

export interface ServiceDaysDeps {
  readonly database: Seat["database"];
  readonly statistics: Pick<ServiceStatistics, "takeChanged" | "putBack">;
  /** Counted beside the days, and stored with them. */
  readonly halves: Pick<ServiceHalves, "store" | "prune">;
  readonly scheduler: Pick<Scheduler, "every">;
  readonly today: () => number;
  readonly onError: (error: unknown) => void;
}

/** Keeps the daily counters of services over restarts (spec 30 section 1.9 d). */
export function createServiceDays({ database, statistics, halves, scheduler, today, onError }: ServiceDaysDeps) {
  const lane = createSerialQueue();
  let prunedOn = 0;
  let rounds = 0;

  const write = (days: readonly ServiceDay[]): Promise<void> =>
    database.transaction(async (tx) => {
      const rows = (await serviceStore.ofExisting(tx, days)).map(rowOf);
      if (rows.length === 0) return;
      await tx
        .insertInto("wf_service_days")
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(["service_id", "day"]).doUpdateSet((eb) => ({
            up: eb.ref("excluded.up"),
            down: eb.ref("excluded.down"),
            delay: eb.ref("excluded.delay"),
            planned_up: eb.ref("excluded.planned_up"),
            planned_down: eb.ref("excluded.planned_down"),
          })),
        )
        .execute();
    });
  const store = async (withHalves: boolean): Promise<void> => {
    let waiting: readonly ServiceDay[] = statistics.takeChanged();
    try {
      while (waiting.length > 0) {
        await write(waiting.slice(0, BATCH));
        waiting = waiting.slice(BATCH);
      }
      if (withHalves) await halves.store();
      if (!withHalves || prunedOn === today()) return;
      await database.transaction(async (tx) => {
        await tx
          .deleteFrom("wf_service_days")
          .where("day", "<=", today() - KEPT_DAYS)
          .execute();
      });
      await halves.prune();
      prunedOn = today();
    } catch (error) {
      statistics.putBack(waiting);
      onError(error);
    }
  };
  const round = (): Promise<void> => lane.run(() => store(++rounds % HALVES_EVERY === 0));
  const schedule = (): Job => scheduler.every(STORE_EVERY_MS, "days of services", "judge", round);
  let job: Job | undefined = schedule();
  return {
    start: (): void => void (job ??= schedule()),
    /** Everything that is stored of the days shown. */
    async all(): Promise<ServiceDay[]> {
      const rows = await database.kysely
        .selectFrom("wf_service_days")
        .selectAll()
        .where("day", ">", today() - DAYS)
        .execute();
      return rows.map(dayOf);
    },
    async delete(tx: Queries, serviceIds: readonly number[]): Promise<void> {
      await tx.deleteFrom("wf_service_days").where("service_id", "in", serviceIds).execute();
    },
    async stop(): Promise<void> {
      job?.cancel();
      job = undefined;
      await lane.run(() => store(true));
    },
  };
}

function rowOf({ serviceId, day, up, down, delay, planned = { up: 0, down: 0 } }: ServiceDay) {
  return { service_id: serviceId, day, up, down, delay, planned_up: planned.up, planned_down: planned.down };
}

function dayOf(row: ReturnType<typeof rowOf>): ServiceDay {
  const { service_id: serviceId, planned_up: up, planned_down: down, ...counts } = row;
  return { serviceId, ...counts, ...(up + down === 0 ? {} : { planned: { up, down } }) };
}

export type ServiceDays = ReturnType<typeof createServiceDays>;
