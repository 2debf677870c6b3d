import { createSerialQueue } from "@windfire/kit";
import { sql } from "kysely";
import type { Database, Queries } from "#platform/database";
import type { Scheduler } from "#platform/scheduler";
import { DAYS } from "./statistics.ts";
import type { ServiceDay, ServiceStatistics } from "./statistics.ts";

/** What is counted is stored this often: a crash costs no more. */
const STORE_EVERY_MS = 30_000;
/** Status pages show ninety of them. */
const KEPT_DAYS = 100;
/** Days written in one transaction. */
const BATCH = 200;

export interface ServiceDaysDeps {
  readonly database: Database;
  readonly statistics: Pick<ServiceStatistics, "takeChanged" | "putBack">;
  readonly scheduler: Pick<Scheduler, "every">;
  readonly today: () => number;
  readonly onError: (error: unknown) => void;
}

/** Keeps the daily counters of services over restarts (spec 30 section 1.9 d). */
export function createServiceDays({ database, statistics, scheduler, today, onError }: ServiceDaysDeps) {
  const lane = createSerialQueue();
  let prunedOn = 0;

  const write = (days: readonly ServiceDay[]): Promise<void> =>
    database.transaction(async (tx) => {
      await tx
        .insertInto("wf_service_days")
        .values(days.map(rowOf))
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
      // A service that was deleted meanwhile leaves nothing behind.
      await tx.deleteFrom("wf_service_days").where("service_id", "not in", tx.selectFrom("services").select("id")).execute();
    });
  const store = async (): Promise<void> => {
    let waiting: readonly ServiceDay[] = statistics.takeChanged();
    try {
      while (waiting.length > 0) {
        await write(waiting.slice(0, BATCH));
        waiting = waiting.slice(BATCH);
      }
      if (prunedOn === today()) return;
      await database.kysely
        .deleteFrom("wf_service_days")
        .where("day", "<=", today() - KEPT_DAYS)
        .execute();
      prunedOn = today();
    } catch (error) {
      statistics.putBack(waiting);
      onError(error);
    }
  };
  const job = scheduler.every(STORE_EVERY_MS, "days of services", () => lane.run(store));
  return {
    /** Everything that is stored of the days shown. */
    async all(): Promise<ServiceDay[]> {
      const rows = await database.kysely
        .selectFrom("wf_service_days")
        .selectAll()
        .where("day", ">", today() - DAYS)
        .execute();
      return rows.map(dayOf);
    },
    between: (serviceIds: readonly number[], from: number, to: number) => daysBetween(database.kysely, serviceIds, { from, to }),
    /** Sums of the days from one to another, which is outside, without what came during planned work; services without results are left out. */
    async sums(serviceIds: readonly number[], from: number, to: number): Promise<Map<number, Pick<ServiceDay, "up" | "down">>> {
      const found = new Map<number, Pick<ServiceDay, "up" | "down">>();
      for (let at = 0; at < serviceIds.length; at += BATCH) {
        const rows = await database.kysely
          .selectFrom("wf_service_days")
          .where("service_id", "in", serviceIds.slice(at, at + BATCH))
          .where("day", ">=", from)
          .where("day", "<", to)
          .groupBy("service_id")
          .select(["service_id", sql<number>`sum(up - planned_up)`.as("up"), sql<number>`sum(down - planned_down)`.as("down")])
          .execute();
        for (const { service_id: id, up, down } of rows) found.set(id, { up, down });
      }
      return found;
    },
    async delete(tx: Queries, serviceIds: readonly number[]): Promise<void> {
      await tx.deleteFrom("wf_service_days").where("service_id", "in", serviceIds).execute();
    },
    async stop(): Promise<void> {
      job.cancel();
      await lane.run(store);
    },
  };
}

/** The days from one to another, which is outside, of some services. */
async function daysBetween(
  queries: Queries,
  serviceIds: readonly number[],
  { from, to }: { from: number; to: number },
): Promise<ServiceDay[]> {
  const found: ServiceDay[] = [];
  for (let at = 0; at < serviceIds.length; at += BATCH) {
    const query = queries
      .selectFrom("wf_service_days")
      .selectAll()
      .where("service_id", "in", serviceIds.slice(at, at + BATCH));
    found.push(...(await query.where("day", ">=", from).where("day", "<", to).execute()).map(dayOf));
  }
  return found;
}

function rowOf({ serviceId, day, up, down, delay, planned = { up: 0, down: 0 } }: ServiceDay) {
  return { service_id: serviceId, day, up, down, delay, planned_up: planned.up, planned_down: planned.down };
}

function dayOf(row: ReturnType<typeof rowOf>): ServiceDay {
  const { service_id: serviceId, planned_up: up, planned_down: down, ...counts } = row;
  return { serviceId, ...counts, ...(up + down === 0 ? {} : { planned: { up, down } }) };
}

export type ServiceDays = ReturnType<typeof createServiceDays>;
