import type { CronRun } from "@windfire/api";
import { CRON_RUN_CAUSES, CRON_RUN_STATES } from "@windfire/api";
import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { CronRunsTable, Queries } from "#platform/database";
import { resultStore } from "./result-store.ts";
import type { ServerName } from "./result-store.ts";
import { NO_COUNTS, runStateOf } from "./run-model.ts";
import type { MissedRuns, ResultCounts, RunRecord } from "./run-model.ts";

function runOf(row: Selectable<CronRunsTable>): RunRecord {
  return {
    id: row.id,
    cronId: row.cron_id,
    cronName: row.cron_name,
    cause: CRON_RUN_CAUSES.find((cause) => cause === row.cause) ?? "schedule",
    by: row.by_name,
    triggerServerId: row.trigger_server_id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    state: CRON_RUN_STATES.find((state) => state === row.state) ?? "failed",
    counts: { ...NO_COUNTS, ...(JSON.parse(row.counts) as Partial<ResultCounts>) },
    // Written here.
    missed: row.missed === "" ? undefined : (JSON.parse(row.missed) as MissedRuns),
  };
}

/** Which runs are listed. */
export interface RunFilter {
  /** Only of these crons. */
  readonly cronIds?: readonly number[];
  readonly serverId?: number;
  readonly state?: CronRun["state"];
  readonly since?: number;
  readonly beforeId?: number;
}

/** SQL of the table `wf_cron_runs`, whose rows go together with those of `wf_cron_results`. */
export const runStore = {
  async insert(tx: Queries, run: Omit<RunRecord, "id" | "counts" | "endedAt" | "state">, servers: readonly ServerName[]): Promise<number> {
    const counts: ResultCounts = { ...NO_COUNTS, running: servers.length };
    const state = run.missed === undefined ? runStateOf(counts) : "missed";
    const { id } = await tx
      .insertInto("wf_cron_runs")
      .values({
        cron_id: run.cronId,
        cron_name: run.cronName,
        cause: run.cause,
        by_name: run.by,
        trigger_server_id: run.triggerServerId,
        started_at: run.startedAt,
        ended_at: state === "running" ? 0 : run.startedAt,
        state,
        counts: JSON.stringify(counts),
        missed: run.missed === undefined ? "" : JSON.stringify(run.missed),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    await resultStore.insert(tx, { id, cronId: run.cronId, startedAt: run.startedAt }, servers);
    return id;
  },
  /** Counts a run's servers anew; it ends when nobody is waited for. */
  async recount(tx: Queries, runId: number, at: number): Promise<void> {
    const rows = await tx
      .selectFrom("wf_cron_results")
      .where("run_id", "=", runId)
      .groupBy("state")
      .select(["state", sql<number>`count(*)`.as("count")])
      .execute();
    const counts: ResultCounts = { ...NO_COUNTS, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
    const state = runStateOf(counts);
    await tx
      .updateTable("wf_cron_runs")
      .set({ counts: JSON.stringify(counts), state, ended_at: state === "running" ? 0 : at })
      .where("id", "=", runId)
      .where("cause", "<>", "missed")
      .execute();
  },
  async find(queries: Queries, id: number): Promise<RunRecord | undefined> {
    const row = await queries.selectFrom("wf_cron_runs").selectAll().where("id", "=", id).executeTakeFirst();
    return row && runOf(row);
  },
  /** Newest first. */
  async list(queries: Queries, filter: RunFilter, limit: number): Promise<RunRecord[]> {
    const { cronIds, serverId, state, since, beforeId } = filter;
    let query = queries.selectFrom("wf_cron_runs as runs").selectAll().orderBy("id", "desc").limit(limit);
    if (cronIds !== undefined) query = query.where("cron_id", "in", cronIds);
    if (state !== undefined) query = query.where("state", "=", state);
    if (since !== undefined) query = query.where("started_at", ">=", since);
    if (beforeId !== undefined) query = query.where("id", "<", beforeId);
    if (serverId !== undefined) {
      query = query.where(({ exists, selectFrom }) =>
        exists(
          selectFrom("wf_cron_results as results")
            .select("results.run_id")
            .whereRef("results.run_id", "=", "runs.id")
            .where("results.server_id", "=", serverId),
        ),
      );
    }
    return (await query.execute()).map(runOf);
  },
  /** When a cron's last run by its schedule was due, or was missed; 0: never. */
  async lastDue(queries: Queries, cronId: number): Promise<number> {
    const row = await queries
      .selectFrom("wf_cron_runs")
      .select(["started_at", "missed"])
      .where("cron_id", "=", cronId)
      .where("cause", "in", ["schedule", "missed"])
      .orderBy("id", "desc")
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return 0;
    return row.missed === "" ? row.started_at : (JSON.parse(row.missed) as MissedRuns).last;
  },
  /** Ids of runs up to `through`, or that began before `before`. */
  async outdated(queries: Queries, { through, before }: { through: number; before: number }, limit: number): Promise<number[]> {
    const rows = await queries
      .selectFrom("wf_cron_runs")
      .select("id")
      .where((eb) => eb.or([eb("id", "<=", through), eb("started_at", "<", before)]))
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  },
  /** Deletes a cron's runs but the newest so many. */
  async keepNewest(tx: Queries, cronId: number, keep: number): Promise<void> {
    const ofCron = tx.selectFrom("wf_cron_runs").select("id").where("cron_id", "=", cronId).orderBy("id", "desc");
    const last = await ofCron.offset(keep).limit(1).executeTakeFirst();
    if (last === undefined) return;
    const gone = tx.selectFrom("wf_cron_runs").select("id").where("cron_id", "=", cronId).where("id", "<=", last.id);
    await tx.deleteFrom("wf_cron_results").where("run_id", "in", gone).execute();
    await tx.deleteFrom("wf_cron_runs").where("cron_id", "=", cronId).where("id", "<=", last.id).execute();
  },
  async deleteOf(tx: Queries, cronIds: readonly number[]): Promise<void> {
    const gone = tx.selectFrom("wf_cron_runs").select("id").where("cron_id", "in", cronIds);
    await tx.deleteFrom("wf_cron_results").where("run_id", "in", gone).execute();
    await tx.deleteFrom("wf_cron_runs").where("cron_id", "in", cronIds).execute();
  },
};
