import { setImmediate as yieldToOthers } from "node:timers/promises";
import { sql } from "kysely";
import type { Database } from "#platform/database";
import type { PendingResults } from "./pending-results.ts";
import { resultStore } from "./result-store.ts";
import { runStore } from "./run-store.ts";

const DAY_MS = 86_400_000;
/** An agent ends a command after two hours; what has not answered within a day does not. */
const LONGEST_WAIT_MS = DAY_MS;
const KEPT_MS = 90 * DAY_MS;
/** Of all crons together. */
const MOST_RESULTS = 300_000;
const MOST_BYTES = 256 * 1024 * 1024;
/** Runs measured or deleted at once. */
const SLICE = 100;
/** What a run or a result takes besides its output. */
const ROW_BYTES = 200;

export interface RunPruningDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly now: () => number;
  readonly pending: PendingResults;
  readonly most?: { readonly results: number; readonly bytes: number };
}

/** Ends waiting for what does not come any more, and deletes the oldest runs: by age, number of results, and bytes. */
export function createRunPruning({ database, now, pending, most = { results: MOST_RESULTS, bytes: MOST_BYTES } }: RunPruningDeps) {
  const giveUp = async (): Promise<void> => {
    const before = now() - LONGEST_WAIT_MS;
    pending.forgetBefore(before);
    for (const runId of await resultStore.waitingFor(database.kysely, { before })) {
      await database.change(async (tx) => {
        await resultStore.settle(tx, runId, "unknown", now());
        await runStore.recount(tx, runId, now());
      });
    }
  };
  /** The newest run that does not fit any more; 0 when all do. */
  const lastTooMany = async (): Promise<number> => {
    const left = { results: most.results, bytes: most.bytes };
    for (let before = Number.MAX_SAFE_INTEGER; ;) {
      const sizes = await database.kysely
        .selectFrom("wf_cron_runs as runs")
        .select("runs.id")
        .select((eb) => [
          eb
            .selectFrom("wf_cron_results as results")
            .select(sql<number>`count(*)`.as("count"))
            .whereRef("results.run_id", "=", "runs.id")
            .as("results"),
          eb
            .selectFrom("wf_cron_results as results")
            .select(sql<number>`total(length(output) + ${ROW_BYTES})`.as("bytes"))
            .whereRef("results.run_id", "=", "runs.id")
            .as("bytes"),
        ])
        .where("runs.id", "<", before)
        .orderBy("runs.id", "desc")
        .limit(SLICE)
        .execute();
      for (const { id, results, bytes } of sizes) {
        left.results -= results ?? 0;
        left.bytes -= (bytes ?? 0) + ROW_BYTES;
        if (left.results < 0 || left.bytes < 0) return id;
      }
      const last = sizes.at(-1);
      if (last === undefined) return 0;
      before = last.id;
      await yieldToOthers();
    }
  };
  return async (): Promise<void> => {
    await giveUp();
    const through = await lastTooMany();
    const tooOld = now() - KEPT_MS;
    for (let deleted = SLICE; deleted >= SLICE;) {
      deleted = await database.change(async (tx) => {
        const ids = await runStore.outdated(tx, { through, before: tooOld }, SLICE);
        if (ids.length === 0) return 0;
        await tx.deleteFrom("wf_cron_results").where("run_id", "in", ids).execute();
        await tx.deleteFrom("wf_cron_runs").where("id", "in", ids).execute();
        return ids.length;
      });
      await yieldToOthers();
    }
  };
}
