import type { Queries } from "#platform/database";
import { WHATS } from "./model.ts";
import type { Value, What } from "./model.ts";

/** The newest values of one server, as far as there are any. */
export type Newest = Partial<Record<What, Value>>;

/** SQL of table `wf_agent_changes`. */
export const agentChangeStore = {
  async add(tx: Queries, serverId: number, what: What, { at, value }: Value): Promise<void> {
    await tx
      .insertInto("wf_agent_changes")
      .values({ server_id: serverId, what, at, value })
      .onConflict((conflict) => conflict.columns(["server_id", "what", "at"]).doUpdateSet({ value }))
      .execute();
  },
  /** By server. */
  async newest(queries: Queries): Promise<Map<number, Newest>> {
    const newest = queries
      .selectFrom("wf_agent_changes")
      .select(({ fn }) => ["server_id", "what", fn.max("at").as("at")])
      .groupBy(["server_id", "what"]);
    const rows = await queries
      .selectFrom("wf_agent_changes as one")
      .innerJoin(newest.as("newest"), (join) =>
        join.onRef("newest.server_id", "=", "one.server_id").onRef("newest.what", "=", "one.what").onRef("newest.at", "=", "one.at"),
      )
      .select(["one.server_id", "one.what", "one.at", "one.value"])
      .execute();
    const found = new Map<number, Newest>();
    for (const { server_id: id, what, at, value } of rows) found.set(id, { ...found.get(id), [what]: { at, value } });
    return found;
  },
  /** The newest `most` of a server, ascending. */
  async values(queries: Queries, serverId: number, what: What, most: number): Promise<Value[]> {
    const rows = await queries
      .selectFrom("wf_agent_changes")
      .select(["at", "value"])
      .where("server_id", "=", serverId)
      .where("what", "=", what)
      .orderBy("at", "desc")
      .limit(most)
      .execute();
    return rows.toReversed();
  },
  async delete(tx: Queries, serverIds: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_agent_changes").where("server_id", "in", serverIds).execute();
  },
  /** Deletes what was no more before `before`, and of each kind what is older than its newest `kept`. */
  async prune(tx: Queries, serverId: number, { before, kept }: { before: number; kept: number }): Promise<void> {
    for (const what of WHATS) {
      const mine = tx.selectFrom("wf_agent_changes").where("server_id", "=", serverId).where("what", "=", what);
      const first = await mine
        .select(({ fn }) => fn.max("at").as("at"))
        .where("at", "<=", before)
        .executeTakeFirst();
      const oldest = await mine.select("at").orderBy("at", "desc").limit(1).offset(kept).executeTakeFirst();
      const from = Math.max(first?.at ?? 0, oldest === undefined ? 0 : oldest.at + 1);
      await tx.deleteFrom("wf_agent_changes").where("server_id", "=", serverId).where("what", "=", what).where("at", "<", from).execute();
    }
  },
};
