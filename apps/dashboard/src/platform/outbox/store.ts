import { sql } from "kysely";
import type { Selectable } from "kysely";
import type { OutboxTable, Queries } from "#platform/database";
import type { Message, NewMessage } from "./model.ts";

function fromRow(row: Selectable<OutboxTable>): Message {
  return {
    id: row.id,
    topic: row.topic,
    target: row.target,
    orderKey: row.order_key,
    payload: JSON.parse(row.payload) as unknown,
    bytes: row.bytes,
    state: row.state === "dead" ? "dead" : "waiting",
    attempts: row.attempts,
    createdAt: row.created_at,
    nextTryAt: row.next_try_at,
    lastError: row.last_error,
  };
}

/** Nothing of the same key waits before it. */
const FIRST_OF_KEY = sql<boolean>`(order_key = '' OR NOT EXISTS (SELECT 1 FROM wf_outbox AS earlier
  WHERE earlier.order_key = message.order_key AND earlier.id < message.id AND earlier.state = 'waiting'))`;

/** SQL of the table `wf_outbox`. Times in Unix milliseconds. */
export const outboxStore = {
  async insert(tx: Queries, message: NewMessage, payload: string, state: Message["state"], at: number, lastError = ""): Promise<number> {
    const { id } = await tx
      .insertInto("wf_outbox")
      .values({
        topic: message.topic,
        target: message.target,
        order_key: message.orderKey ?? "",
        payload,
        bytes: Buffer.byteLength(payload),
        state,
        attempts: 0,
        created_at: at,
        next_try_at: message.notBefore ?? at,
        lease_until: 0,
        last_error: lastError,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  },
  /** Waiting messages and their bytes, of one target or of all. */
  async waiting(queries: Queries, where?: { topic: string; target: string }): Promise<{ messages: number; bytes: number; oldest: number }> {
    let query = queries
      .selectFrom("wf_outbox")
      .select(({ fn }) => [
        fn.countAll<number>().as("messages"),
        fn.sum<number | null>("bytes").as("bytes"),
        fn.min("created_at").as("oldest"),
      ])
      .where("state", "=", "waiting");
    if (where) query = query.where("topic", "=", where.topic).where("target", "=", where.target);
    const row = await query.executeTakeFirstOrThrow();
    return { messages: row.messages, bytes: row.bytes ?? 0, oldest: row.oldest ?? 0 };
  },
  /**
   * Messages that may go out now: due, not leased, and the first of their order key. Oldest first, at most `perTarget` of each target
   * that is not `busy` (`topic target`).
   */
  async due(
    queries: Queries,
    now: number,
    { topics, busy, perTarget, limit }: { topics: readonly string[]; busy: readonly string[]; perTarget: number; limit: number },
  ): Promise<Message[]> {
    if (topics.length === 0) return [];
    const ready = queries
      .selectFrom("wf_outbox as message")
      .select(["message.id", sql<number>`row_number() OVER (PARTITION BY topic, target ORDER BY message.id)`.as("place")])
      .where("state", "=", "waiting")
      .where("next_try_at", "<=", now)
      .where("lease_until", "<=", now)
      .where("topic", "in", topics)
      .$if(busy.length > 0, (query) => query.where(sql<string>`topic || ' ' || target`, "not in", busy))
      .where(FIRST_OF_KEY);
    const rows = await queries
      .with("ready", () => ready)
      .selectFrom("wf_outbox")
      .selectAll()
      .where("id", "in", (query) => query.selectFrom("ready").select("ready.id").where("place", "<=", perTarget))
      .orderBy("id")
      .limit(limit)
      .execute();
    return rows.map(fromRow);
  },
  /** When the next message for a target that is not busy becomes due, `undefined` when none waits. */
  async nextDue(queries: Queries, busy: readonly string[]): Promise<number | undefined> {
    const row = await queries
      .selectFrom("wf_outbox as message")
      .select(sql<number | null>`min(max(next_try_at, lease_until))`.as("at"))
      .where("state", "=", "waiting")
      .where(FIRST_OF_KEY)
      .$if(busy.length > 0, (query) => query.where(sql<string>`topic || ' ' || target`, "not in", busy))
      .executeTakeFirst();
    return row?.at ?? undefined;
  },
  async lease(tx: Queries, ids: readonly number[], until: number): Promise<void> {
    if (ids.length === 0) return;
    await tx.updateTable("wf_outbox").set({ lease_until: until }).where("id", "in", ids).execute();
  },
  async releaseAll(tx: Queries): Promise<void> {
    await tx.updateTable("wf_outbox").set({ lease_until: 0 }).where("lease_until", ">", 0).execute();
  },
  /** `false` when it is gone or somebody is sending it. */
  async cancel(tx: Queries, id: number, now: number): Promise<boolean> {
    const { numDeletedRows } = await tx
      .deleteFrom("wf_outbox")
      .where("id", "=", id)
      .where("lease_until", "<=", now)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    if (ids.length > 0) await tx.deleteFrom("wf_outbox").where("id", "in", ids).execute();
  },
  async failed(tx: Queries, id: number, change: { state: Message["state"]; attempts: number; nextTryAt: number; lastError: string }) {
    await tx
      .updateTable("wf_outbox")
      .set({
        state: change.state,
        attempts: change.attempts,
        next_try_at: change.nextTryAt,
        lease_until: 0,
        last_error: change.lastError,
      })
      .where("id", "=", id)
      .execute();
  },
  async get(queries: Queries, id: number): Promise<Message | undefined> {
    const row = await queries.selectFrom("wf_outbox").selectAll().where("id", "=", id).executeTakeFirst();
    return row && fromRow(row);
  },
  /** The oldest waiting messages of a target that nobody is sending. */
  async oldestWaiting(queries: Queries, topic: string, target: string, limit: number): Promise<Message[]> {
    const rows = await queries
      .selectFrom("wf_outbox")
      .selectAll()
      .where("topic", "=", topic)
      .where("target", "=", target)
      .where("state", "=", "waiting")
      .where("lease_until", "=", 0)
      .orderBy("id")
      .limit(limit)
      .execute();
    return rows.map(fromRow);
  },
  /** Newest first. */
  async list(queries: Queries, where: { topic: string; target?: string; state?: Message["state"] }, limit: number): Promise<Message[]> {
    let query = queries.selectFrom("wf_outbox").selectAll().where("topic", "=", where.topic);
    if (where.target !== undefined) query = query.where("target", "=", where.target);
    if (where.state !== undefined) query = query.where("state", "=", where.state);
    return (await query.orderBy("id", "desc").limit(limit).execute()).map(fromRow);
  },
  async pruneDead(tx: Queries, topic: string, target: string, kept: number): Promise<number> {
    const rows = await tx
      .selectFrom("wf_outbox")
      .select("id")
      .where("topic", "=", topic)
      .where("target", "=", target)
      .where("state", "=", "dead")
      .orderBy("id", "desc")
      .limit(1000)
      .offset(kept)
      .execute();
    await outboxStore.delete(
      tx,
      rows.map((row) => row.id),
    );
    return rows.length;
  },
  /** What waits for a target, or lies there as a dead letter, goes with it. */
  async deleteTargets(tx: Queries, topic: string, targets: readonly string[]): Promise<void> {
    if (targets.length > 0) await tx.deleteFrom("wf_outbox").where("topic", "=", topic).where("target", "in", targets).execute();
  },
};
