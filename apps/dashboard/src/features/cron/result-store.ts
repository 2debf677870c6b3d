import { CRON_RESULT_STATES } from "@windfire/api";
import { sql } from "kysely";
import type { CronResultsTable, Queries } from "#platform/database";
import type { ResultRecord, ResultState, RunRecord } from "./run-model.ts";

/** Rows written in one statement. */
const BATCH = 200;
/** Characters of an output that are read with its row. */
const EXCERPT = 300;

export interface ServerName {
  readonly serverId: number;
  readonly serverName: string;
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

/** SQL of the table `wf_cron_results`: what became of a run on each server. */
export const resultStore = {
  /** Servers that a run was sent to, or is about to be. */
  async insert(tx: Queries, run: Pick<RunRecord, "id" | "cronId" | "startedAt">, servers: readonly ServerName[]): Promise<void> {
    const common = { run_id: run.id, cron_id: run.cronId, state: "running", sent_at: run.startedAt, ended_at: 0 };
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
  /** What a server answered, also one that was thought lost. One that was cancelled stays so, but what it said is kept. */
  async answer(
    tx: Queries,
    { runId, serverId }: Pick<ResultRecord, "runId" | "serverId">,
    answer: { successful: boolean; seconds: number; output: string; outputBytes: number; at: number },
  ): Promise<void> {
    const state = answer.successful ? "succeeded" : "failed";
    await tx
      .updateTable("wf_cron_results")
      .set({
        state: sql<string>`CASE WHEN state IN ('running', 'unknown') THEN ${state} ELSE state END`,
        ended_at: answer.at,
        seconds: answer.seconds,
        output: answer.output,
        output_bytes: answer.outputBytes,
      })
      .where("run_id", "=", runId)
      .where("server_id", "=", serverId)
      .execute();
  },
  /** All that has not answered, or is not waited for any more but may still: since a time, of all servers or of one. */
  async open(queries: Queries, { since, serverId }: { readonly since: number; readonly serverId?: number }): Promise<ResultRecord[]> {
    const rows = await queries
      .selectFrom("wf_cron_results")
      .select(RESULT_COLUMNS)
      .where((eb) => eb.or([eb("state", "=", "running"), eb.and([eb("state", "in", ["cancelled", "unknown"]), eb("seconds", "<", 0)])]))
      .where("sent_at", ">=", since)
      .$if(serverId !== undefined, (query) => query.where("server_id", "=", serverId ?? 0))
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
};
