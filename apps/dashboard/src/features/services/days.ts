import { createSerialQueue } from "@windfire/kit";
import { sql } from "kysely";
import type { Database, Queries } from "#platform/database";
import type { Scheduler } from "#platform/scheduler";
import { DAYS } from "./statistics.ts";
import type { ServiceDay, ServiceStatistics } from "./statistics.ts";

/** What is counted is stored this often: a crash costs no more. */
const STORE_EVERY_MS = 30_000;
/** Reports tell of the month before this one. */
const KEPT_DAYS = 70;
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
        .values(days.map(({ serviceId, day, up, down, delay }) => ({ service_id: serviceId, day, up, down, delay })))
        .onConflict((conflict) =>
          conflict
            .columns(["service_id", "day"])
            .doUpdateSet({ up: sql`excluded.up`, down: sql`excluded.down`, delay: sql`excluded.delay` }),
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
      return rows.map(({ service_id, ...counts }) => ({ serviceId: service_id, ...counts }));
    },
    /** Sums of the days from one to another, which is outside; services without results are left out. */
    async sums(serviceIds: readonly number[], from: number, to: number): Promise<Map<number, Pick<ServiceDay, "up" | "down">>> {
      const found = new Map<number, Pick<ServiceDay, "up" | "down">>();
      for (let at = 0; at < serviceIds.length; at += BATCH) {
        const rows = await database.kysely
          .selectFrom("wf_service_days")
          .where("service_id", "in", serviceIds.slice(at, at + BATCH))
          .where("day", ">=", from)
          .where("day", "<", to)
          .groupBy("service_id")
          .select(["service_id", sql<number>`sum(up)`.as("up"), sql<number>`sum(down)`.as("down")])
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

export type ServiceDays = ReturnType<typeof createServiceDays>;
