import { setImmediate as yieldToOthers } from "node:timers/promises";
import { createSerialQueue } from "@windfire/kit";
import { sql } from "kysely";
import { writeTime } from "#platform/database";
import type { Database } from "#platform/database";
import type { Job, Scheduler } from "#platform/scheduler";

const HOUR_MS = 3_600_000;
/** Rows are shown for 30 days; their texts of time may be of any offset. */
const KEPT_MS = 30 * 24 * HOUR_MS + 27 * HOUR_MS;
const MOST_ROWS = 5_000_000;
/** Rows looked at or deleted in one statement. */
const SLICE = 2_000;
/** Rows of services and servers that are gone are looked for once in so many rounds of an hour. */
const ROUNDS_A_DAY = 24;

export interface PruningDeps {
  readonly database: Pick<Database, "kysely">;
  readonly scheduler: Pick<Scheduler, "every">;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
  readonly mostRows?: number;
}

/** Keeps table `service_histories` bounded (spec 30 section 8.8): by age, by number, and to what still exists; in slices. */
export function createPruning({ database, scheduler, now, onError, mostRows = MOST_ROWS }: PruningDeps) {
  const { kysely } = database;
  const lane = createSerialQueue();
  let job: Job | undefined;
  let stopped = false;
  let rounds = 0;

  /** Repeats a deletion of one slice until it finds less. */
  const drain = async (deleteSlice: () => Promise<bigint>): Promise<void> => {
    while (!stopped && (await deleteSlice()) >= SLICE) await yieldToOthers();
  };
  const lastId = async (): Promise<number> =>
    (await kysely.selectFrom("service_histories").select("id").orderBy("id", "desc").limit(1).executeTakeFirst())?.id ?? 0;
  const pruneOld = (): Promise<void> => {
    const before = writeTime(now() - KEPT_MS);
    return drain(async () => {
      const old = kysely.selectFrom("service_histories").select("id").where("created_at", "<", before).orderBy("created_at").limit(SLICE);
      return (await kysely.deleteFrom("service_histories").where("id", "in", old).executeTakeFirst()).numDeletedRows;
    });
  };
  const pruneMany = async (): Promise<void> => {
    const before = (await lastId()) - mostRows;
    await drain(async () => {
      const first = kysely.selectFrom("service_histories").select("id").where("id", "<=", before).orderBy("id").limit(SLICE);
      return (await kysely.deleteFrom("service_histories").where("id", "in", first).executeTakeFirst()).numDeletedRows;
    });
  };
  const pruneOrphans = async (): Promise<void> => {
    const last = await lastId();
    for (let from = 0; from < last && !stopped; from += SLICE) {
      await kysely
        .deleteFrom("service_histories")
        .where("id", ">", from)
        .where("id", "<=", from + SLICE)
        .where(
          sql<boolean>`(service_id NOT IN (SELECT id FROM services) OR (server_id <> 0 AND server_id NOT IN (SELECT id FROM servers)))`,
        )
        .execute();
      await yieldToOthers();
    }
  };
  const run = async (): Promise<void> => {
    await pruneOld();
    await pruneMany();
    if (rounds++ % ROUNDS_A_DAY === 0) await pruneOrphans();
  };
  return {
    start(): void {
      stopped = false;
      job ??= scheduler.every(HOUR_MS, "service history rows", "judge", () => lane.run(() => run().catch(onError)));
    },
    async stop(): Promise<void> {
      stopped = true;
      job?.cancel();
      job = undefined;
      await lane.idle();
    },
  };
}
