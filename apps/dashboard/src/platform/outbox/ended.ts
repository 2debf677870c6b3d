import { sql } from "kysely";
import type { SqlBool } from "kysely";
import type { Queries } from "#platform/database";
import { ENDED } from "./model.ts";

/** What is kept in `wf_outbox` of messages that came to an end, and which of them wait again. Times in Unix milliseconds. */
export const endedMessages = {
  /** Dead letters wait again, due at once. Of a target's those that nothing in their lane has overtaken: what `closes` it, or any later word. */
  async revive(
    tx: Queries,
    where: { readonly id: number } | { topic: string; target: string; since: number; closes: string },
    now: number,
  ): Promise<number> {
    let query = tx
      .updateTable("wf_outbox")
      .set({ state: "waiting", attempts: 0, next_try_at: now, created_at: now, settled_at: 0, withdrawn: "" })
      .where("state", "=", "dead");
    query =
      "id" in where
        ? query.where("id", "=", where.id)
        : query
            .where("topic", "=", where.topic)
            .where("target", "=", where.target)
            .where("created_at", ">=", where.since)
            .where("withdrawn", "=", "")
            .where(
              sql<SqlBool>`(lane = '' OR NOT EXISTS (SELECT 1 FROM wf_outbox AS later WHERE later.lane <> '' AND later.lane = wf_outbox.lane
                AND later.topic = wf_outbox.topic AND later.id > wf_outbox.id AND (later.state <> 'cancelled' OR later.kind = ${where.closes})))`,
            );
    return Number((await query.executeTakeFirstOrThrow()).numUpdatedRows);
  },
  /**
   * Keeps the newest messages of a target that came to an end: so many, and no more than so many bytes. What a lane's target was told last
   * stays where something `closes` lanes, since what follows depends on it, unless it is old or of that kind.
   */
  async prune(
    tx: Queries,
    { topic, target }: { topic: string; target: string },
    kept: { messages: number; bytes: number; since: number; closes: string | undefined },
  ): Promise<void> {
    const mine = tx.selectFrom("wf_outbox").where("topic", "=", topic).where("target", "=", target);
    const ended = mine
      .where("state", "in", ENDED)
      .select([
        "id",
        sql<number>`row_number() OVER (ORDER BY id DESC)`.as("place"),
        sql<number>`sum(bytes) OVER (ORDER BY id DESC)`.as("total"),
      ]);
    const old = tx
      .selectFrom(ended.as("ended"))
      .select("id")
      .where(({ eb, or }) => or([eb("place", ">", kept.messages), eb("total", ">", kept.bytes)]));
    const toldLast = mine
      .where("state", "=", "sent")
      .where("lane", "<>", "")
      .where("settled_at", ">", kept.since)
      .groupBy("lane")
      .select(({ fn }) => fn.max("id").as("id"));
    await tx
      .deleteFrom("wf_outbox")
      .where("id", "in", old)
      .$if(kept.closes !== undefined, (query) =>
        query.where(({ eb, or }) => or([eb("kind", "=", kept.closes ?? ""), eb("id", "not in", toldLast)])),
      )
      .execute();
  },
};
