import type { Selectable } from "kysely";
import type { OutboxTable, Queries } from "#platform/database";
import { fitting } from "./message-filter.ts";
import type { MessageFilter } from "./message-filter.ts";
import { ENDED } from "./model.ts";
import type { Message, MessageState, NewMessage } from "./model.ts";

const STATES: readonly MessageState[] = ["waiting", "sending", "sent", "cancelled", "dead"];

function fromRow(row: Selectable<OutboxTable>): Message {
  return {
    id: row.id,
    topic: row.topic,
    target: row.target,
    lane: row.lane,
    event: row.event,
    kind: row.kind,
    payload: JSON.parse(row.payload) as unknown,
    bytes: row.bytes,
    state: STATES.find((state) => state === row.state) ?? "dead",
    attempts: row.attempts,
    unsure: row.unsure !== 0,
    createdAt: row.created_at,
    nextTryAt: row.next_try_at,
    settledAt: row.settled_at,
    lastError: row.last_error,
  };
}

/** SQL of messages in `wf_outbox` on their way to an end; of those that came to one: `endedMessages`. Times in Unix milliseconds. */
export const outboxStore = {
  async insert(
    tx: Queries,
    message: NewMessage,
    { payload, state, at, lastError }: { payload: string; state: MessageState; at: number; lastError: string },
  ): Promise<number> {
    const { topic, target, lane = "", event = "", kind = "" } = message;
    const { id } = await tx
      .insertInto("wf_outbox")
      .values({
        topic,
        target,
        lane,
        event,
        kind,
        payload,
        state,
        bytes: Buffer.byteLength(payload),
        attempts: 0,
        unsure: 0,
        created_at: at,
        next_try_at: message.notBefore ?? at,
        lease_until: 0,
        settled_at: ENDED.includes(state) ? at : 0,
        last_error: lastError,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  },
  /** What has not come to an end. */
  async pending(queries: Queries): Promise<{ messages: number; bytes: number; oldest: number }> {
    const row = await queries
      .selectFrom("wf_outbox")
      .select(({ fn }) => [
        fn.countAll<number>().as("messages"),
        fn.sum<number | null>("bytes").as("bytes"),
        fn.min("created_at").as("oldest"),
      ])
      .where("state", "in", ["waiting", "sending"])
      .executeTakeFirstOrThrow();
    return { messages: row.messages, bytes: row.bytes ?? 0, oldest: row.oldest ?? 0 };
  },
  /** The same of one target, asked with each message that is added: the index alone says it. */
  async pendingOf(queries: Queries, { topic, target }: { topic: string; target: string }): Promise<{ messages: number; bytes: number }> {
    const row = await queries
      .selectFrom("wf_outbox")
      .select(({ fn }) => [fn.countAll<number>().as("messages"), fn.sum<number | null>("bytes").as("bytes")])
      .where("topic", "=", topic)
      .where("target", "=", target)
      .where("state", "in", ["waiting", "sending"])
      .executeTakeFirstOrThrow();
    return { messages: row.messages, bytes: row.bytes ?? 0 };
  },
  /** Takes a message for an attempt; `undefined` when it is not waiting any more. */
  async claim(tx: Queries, id: number, leaseUntil: number): Promise<Message | undefined> {
    const row = await tx
      .updateTable("wf_outbox")
      .set({ state: "sending", lease_until: leaseUntil })
      .where("id", "=", id)
      .where("state", "=", "waiting")
      .returningAll()
      .executeTakeFirst();
    return row && fromRow(row);
  },
  /** What waits for a target and is due before a time waits until then. */
  async postpone(tx: Queries, topic: string, target: string, until: number): Promise<void> {
    await tx
      .updateTable("wf_outbox")
      .set({ next_try_at: until })
      .where("topic", "=", topic)
      .where("target", "=", target)
      .where("state", "=", "waiting")
      .where("next_try_at", "<", until)
      .execute();
  },
  async settle(
    tx: Queries,
    id: number,
    change: { state: MessageState; attempts: number; unsure: boolean; nextTryAt: number; at: number; lastError: string },
  ): Promise<void> {
    await tx
      .updateTable("wf_outbox")
      .set({
        state: change.state,
        attempts: change.attempts,
        unsure: change.unsure ? 1 : 0,
        next_try_at: change.nextTryAt,
        lease_until: 0,
        settled_at: ENDED.includes(change.state) ? change.at : 0,
        last_error: change.lastError,
      })
      .where("id", "=", id)
      .execute();
  },
  async get(queries: Queries, id: number): Promise<Message | undefined> {
    const row = await queries.selectFrom("wf_outbox").selectAll().where("id", "=", id).executeTakeFirst();
    return row && fromRow(row);
  },
  /** Ids of what waits for a target, in the order in which it is given up: what is wanted least before the rest, the oldest first. */
  async expendable(tx: Queries, { topic, target, leastWanted }: { topic: string; target: string; leastWanted: string }): Promise<number[]> {
    const rows = await tx
      .selectFrom("wf_outbox")
      .select("id")
      .where("topic", "=", topic)
      .where("target", "=", target)
      .where("state", "=", "waiting")
      .orderBy(({ eb }) => eb("kind", "=", leastWanted), "desc")
      .orderBy("id")
      .execute();
    return rows.map(({ id }) => id);
  },
  /** Newest first. */
  async find(queries: Queries, where: MessageFilter, limit: number): Promise<Message[]> {
    const query = fitting(queries.selectFrom("wf_outbox").selectAll(), where);
    return (await query.orderBy("id", "desc").limit(limit).execute()).map(fromRow);
  },
  /** What waits is cancelled. What is under way is not torn, and what was given up stays so; neither is tried once more by itself. */
  async withdraw(tx: Queries, where: MessageFilter, reason: string, at: number): Promise<number> {
    await fitting(tx.updateTable("wf_outbox"), where).set({ withdrawn: reason }).where("state", "in", ["sending", "dead"]).execute();
    const waiting = fitting(tx.updateTable("wf_outbox"), where).where("state", "=", "waiting");
    const cancelled = await waiting.set({ state: "cancelled", settled_at: at, last_error: reason }).executeTakeFirstOrThrow();
    return Number(cancelled.numUpdatedRows);
  },
  /** Why a message is not tried once more; "": it may be. */
  async withdrawnFor(tx: Queries, id: number): Promise<string> {
    return (await tx.selectFrom("wf_outbox").select("withdrawn").where("id", "=", id).executeTakeFirst())?.withdrawn ?? "";
  },
  async cancel(tx: Queries, ids: readonly number[], reason: string, at: number): Promise<void> {
    if (ids.length === 0) return;
    await tx
      .updateTable("wf_outbox")
      .set({ state: "cancelled", settled_at: at, last_error: reason })
      .where("id", "in", ids)
      .where("state", "=", "waiting")
      .execute();
  },
  /** Everything about them, whatever became of it. */
  async deleteTargets(tx: Queries, topic: string, targets: readonly string[]): Promise<void> {
    if (targets.length > 0) await tx.deleteFrom("wf_outbox").where("topic", "=", topic).where("target", "in", targets).execute();
  },
};
