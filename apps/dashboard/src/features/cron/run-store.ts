import type { CronRun } from "@windfire/api";
import { CRON_RESULT_STATES, CRON_RUN_CAUSES, CRON_RUN_STATES } from "@windfire/api";
import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { CronResultsTable, CronRunsTable, Queries } from "#platform/database";
import { NO_COUNTS, runStateOf } from "./run-model.ts";
import type { MissedRuns, ResultCounts, ResultRecord, ResultState, RunRecord } from "./run-model.ts";

/** Rows written in one statement. */
const BATCH = 200;
/** Characters of an output that are read with its row. */
const EXCERPT = 300;

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

const RESULT_COLUMNS = [
  "run_id",
  "server_id",
  "cron_id",
  "server_name",
  "state",
  "sent_at",
  "ended_at",
  "seconds",
  "output_bytes",
] as const satisfies readonly (keyof CronResultsTable)[];

function resultOf(row: Omit<CronResultsTable, "output">): ResultRecord {
  return {
    runId: row.run_id,
    serverId: row.server_id,
    cronId: row.cron_id,
    serverName: row.server_name,
    state: CRON_RESULT_STATES.find((state) => state === row.state) ?? "unknown",
    sentAt: row.sent_at,
    endedAt: row.ended_at,
    seconds: row.seconds,
    outputBytes: row.output_bytes,
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

/** SQL of the tables `wf_cron_runs` and `wf_cron_results`. */
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
    const common = { run_id: id, cron_id: run.cronId, state: "running", sent_at: run.startedAt, ended_at: 0 };
    const rows = servers.map(({ serverId, serverName }) => ({
      ...common,
      server_id: serverId,
      server_name: serverName,
      seconds: -1,
      output: "",
      output_bytes: 0,
    }));
    for (let from = 0; from < rows.length; from += BATCH) {
      await tx
        .insertInto("wf_cron_results")
        .values(rows.slice(from, from + BATCH))
        .execute();
    }
    return id;
  },
  /** Servers of a run that have not answered come into another state; ids of those that were. */
  async settle(tx: Queries, runId: number, state: ResultState, at: number, serverIds?: readonly number[]): Promise<number[]> {
    const waiting = tx
      .updateTable("wf_cron_results")
      .set({ state, ended_at: at })
      .where("run_id", "=", runId)
      .where("state", "=", "running");
    const settled = serverIds === undefined ? waiting : waiting.where("server_id", "in", serverIds);
    return (await settled.returning("server_id").execute()).map((row) => row.server_id);
  },
  /** What a server answered. One that nobody waits for any more stays so, but what it said is kept. */
  async answer(
    tx: Queries,
    { runId, serverId }: Pick<ResultRecord, "runId" | "serverId">,
    answer: { successful: boolean; seconds: number; output: string; outputBytes: number; at: number },
  ): Promise<void> {
    const state = answer.successful ? "succeeded" : "failed";
    await tx
      .updateTable("wf_cron_results")
      .set({
        state: sql<string>`CASE state WHEN 'running' THEN ${state} ELSE state END`,
        ended_at: answer.at,
        seconds: answer.seconds,
        output: answer.output,
        output_bytes: answer.outputBytes,
      })
      .where("run_id", "=", runId)
      .where("server_id", "=", serverId)
      .execute();
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
  /** All that has not answered, or is not waited for any more but may still: since a time. */
  async open(queries: Queries, since: number): Promise<ResultRecord[]> {
    const rows = await queries
      .selectFrom("wf_cron_results")
      .select(RESULT_COLUMNS)
      .where((eb) => eb.or([eb("state", "=", "running"), eb.and([eb("state", "=", "cancelled"), eb("seconds", "<", 0)])]))
      .where("sent_at", ">=", since)
      .orderBy("run_id")
      .execute();
    return rows.map(resultOf);
  },
  /** Runs with servers that were sent to before a time and have not answered, or with servers that are gone. */
  async waitingFor(tx: Queries, which: { readonly before: number } | { readonly serverIds: readonly number[] }): Promise<number[]> {
    const running = tx.selectFrom("wf_cron_results").select("run_id").distinct().where("state", "=", "running");
    const query = "before" in which ? running.where("sent_at", "<", which.before) : running.where("server_id", "in", which.serverIds);
    return (await query.execute()).map((row) => row.run_id);
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
  /** By server, each with the beginning of its output. */
  async results(queries: Queries, runId: number): Promise<(ResultRecord & { readonly excerpt: string })[]> {
    const rows = await queries
      .selectFrom("wf_cron_results")
      .select([...RESULT_COLUMNS, sql<string>`substr(output, 1, ${EXCERPT})`.as("excerpt")])
      .where("run_id", "=", runId)
      .orderBy("server_id")
      .execute();
    return rows.map(({ excerpt, ...row }) => ({ ...resultOf(row), excerpt }));
  },
  async output(queries: Queries, runId: number, serverId: number): Promise<{ output: string; outputBytes: number } | undefined> {
    const row = await queries
      .selectFrom("wf_cron_results")
      .select(["output", "output_bytes"])
      .where("run_id", "=", runId)
      .where("server_id", "=", serverId)
      .executeTakeFirst();
    return row && { output: row.output, outputBytes: row.output_bytes };
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

interface ServerName {
  readonly serverId: number;
  readonly serverName: string;
}
