import type { Queries } from "#platform/database";
import type { Run, Turn } from "./model.ts";

/** SQL of the tables `wf_presence` and `wf_runs`. */
export const presenceStore = {
  async add(tx: Queries, serverId: number, { at, online }: Turn): Promise<void> {
    await tx
      .insertInto("wf_presence")
      .values({ server_id: serverId, at, online: online ? 1 : 0 })
      .onConflict((conflict) => conflict.columns(["server_id", "at"]).doUpdateSet({ online: online ? 1 : 0 }))
      .execute();
  },
  /** The newest of each server, before `before` if it is given. */
  async newest(
    queries: Queries,
    where: { readonly serverIds?: readonly number[]; readonly before?: number } = {},
  ): Promise<Map<number, Turn>> {
    let newest = queries
      .selectFrom("wf_presence")
      .select(({ fn }) => ["server_id", fn.max("at").as("at")])
      .groupBy("server_id");
    if (where.serverIds) newest = newest.where("server_id", "in", where.serverIds);
    if (where.before !== undefined) newest = newest.where("at", "<=", where.before);
    const rows = await queries
      .selectFrom("wf_presence as turn")
      .innerJoin(newest.as("newest"), (join) => join.onRef("newest.server_id", "=", "turn.server_id").onRef("newest.at", "=", "turn.at"))
      .select(["turn.server_id", "turn.at", "turn.online"])
      .execute();
    return new Map(rows.map((row) => [row.server_id, { at: row.at, online: row.online !== 0 }]));
  },
  /** All of some servers from the last one before `from` on, ascending. */
  async since(queries: Queries, serverIds: readonly number[], from: number): Promise<Map<number, Turn[]>> {
    const turns = new Map<number, Turn[]>();
    for (const [id, turn] of await presenceStore.newest(queries, { serverIds, before: from })) turns.set(id, [turn]);
    const rows = await queries
      .selectFrom("wf_presence")
      .selectAll()
      .where("server_id", "in", serverIds)
      .where("at", ">", from)
      .orderBy("server_id")
      .orderBy("at")
      .execute();
    for (const row of rows) {
      const known = turns.get(row.server_id) ?? [];
      known.push({ at: row.at, online: row.online !== 0 });
      turns.set(row.server_id, known);
    }
    return turns;
  },
  async delete(tx: Queries, serverIds: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_presence").where("server_id", "in", serverIds).execute();
  },
  /** Deletes what ended before `before`, and of a server what is older than its newest `kept`. */
  async prune(tx: Queries, serverId: number, { before, kept }: { before: number; kept: number }): Promise<void> {
    const mine = tx.selectFrom("wf_presence").where("server_id", "=", serverId);
    const first = await mine
      .select(({ fn }) => fn.max("at").as("at"))
      .where("at", "<=", before)
      .executeTakeFirst();
    const oldest = await mine.select("at").orderBy("at", "desc").limit(1).offset(kept).executeTakeFirst();
    const from = Math.max(first?.at ?? 0, oldest === undefined ? 0 : oldest.at + 1);
    await tx.deleteFrom("wf_presence").where("server_id", "=", serverId).where("at", "<", from).execute();
  },
  async beginRun(tx: Queries, at: number): Promise<number> {
    const row = { started_at: at, seen_at: at };
    return (await tx.insertInto("wf_runs").values(row).returning("id").executeTakeFirstOrThrow()).id;
  },
  async keepRun(tx: Queries, id: number, seenAt: number): Promise<void> {
    await tx.updateTable("wf_runs").set({ seen_at: seenAt }).where("id", "=", id).execute();
  },
  async runs(queries: Queries, from: number): Promise<(Run & { readonly id: number })[]> {
    const rows = await queries.selectFrom("wf_runs").selectAll().where("seen_at", ">", from).orderBy("id").execute();
    return rows.map((row) => ({ id: row.id, startedAt: row.started_at, seenAt: row.seen_at }));
  },
  async pruneRuns(tx: Queries, { before, kept }: { before: number; kept: number }): Promise<void> {
    const oldest = tx.selectFrom("wf_runs").select("id").orderBy("id", "desc").limit(1).offset(kept);
    await tx
      .deleteFrom("wf_runs")
      .where(({ eb, or }) => or([eb("seen_at", "<", before), eb("id", "<=", oldest)]))
      .execute();
  },
};
