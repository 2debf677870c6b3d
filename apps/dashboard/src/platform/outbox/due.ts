import { sql } from "kysely";
import type { Queries } from "#platform/database";

/**
 * Nothing of the same topic and lane that has not come to an end stands before it. The index of lanes leaves out messages without one:
 * it is only used where that is said, and without it every message of the topic would be looked at for each that waits.
 */
const FIRST_OF_LANE = sql<boolean>`(lane = '' OR NOT EXISTS (SELECT 1 FROM wf_outbox AS earlier
  WHERE earlier.lane <> '' AND earlier.lane = message.lane AND earlier.topic = message.topic AND earlier.id < message.id AND earlier.state IN ('waiting', 'sending')))`;
export const TARGET = sql<string>`topic || ' ' || target`;

/** Which messages of `wf_outbox` may go out. Times in Unix milliseconds. */
export const dueMessages = {
  /** Targets with messages that may go out now and that are not `busy` (`topic target`), the one that waits longest first. */
  async targets(
    queries: Queries,
    now: number,
    { topics, busy, limit }: { topics: readonly string[]; busy: readonly string[]; limit: number },
  ): Promise<{ readonly topic: string; readonly target: string }[]> {
    if (topics.length === 0) return [];
    return queries
      .selectFrom("wf_outbox as message")
      .select(["topic", "target"])
      .where("state", "=", "waiting")
      .where("next_try_at", "<=", now)
      .where("topic", "in", topics)
      .$if(busy.length > 0, (query) => query.where(TARGET, "not in", busy))
      .where(FIRST_OF_LANE)
      .groupBy(["topic", "target"])
      .orderBy(({ fn }) => fn.min("message.id"))
      .limit(limit)
      .execute();
  },
  /** Messages of a target that may go out now, oldest first. */
  async of(queries: Queries, now: number, { topic, target }: { topic: string; target: string }, limit: number): Promise<number[]> {
    const rows = await queries
      .selectFrom("wf_outbox as message")
      .select("message.id")
      .where("topic", "=", topic)
      .where("target", "=", target)
      .where("state", "=", "waiting")
      .where("next_try_at", "<=", now)
      .where(FIRST_OF_LANE)
      .orderBy("message.id")
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  },
  /** When the next message for a target that is not busy becomes due after a time, `undefined` when none does. */
  async next(queries: Queries, after: number, busy: readonly string[]): Promise<number | undefined> {
    const row = await queries
      .selectFrom("wf_outbox as message")
      .select(({ fn }) => fn.min("next_try_at").as("at"))
      .where("state", "=", "waiting")
      .where("next_try_at", ">", after)
      .where(FIRST_OF_LANE)
      .$if(busy.length > 0, (query) => query.where(TARGET, "not in", busy))
      .executeTakeFirst();
    return row?.at ?? undefined;
  },
  /** When the first of a target's messages that were never tried becomes due, if that is still to come. */
  async nextUntried(queries: Queries, now: number, { topic, target }: { topic: string; target: string }): Promise<number | undefined> {
    const row = await queries
      .selectFrom("wf_outbox")
      .select(({ fn }) => fn.min("next_try_at").as("at"))
      .where("topic", "=", topic)
      .where("target", "=", target)
      .where("state", "=", "waiting")
      .where("attempts", "=", 0)
      .where("next_try_at", ">", now)
      .executeTakeFirst();
    return row?.at ?? undefined;
  },
};
