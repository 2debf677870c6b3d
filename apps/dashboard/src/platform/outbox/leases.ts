import type { Queries } from "#platform/database";
import { TARGET } from "./due.ts";

/** SQL of attempts that nobody carries on: whether they arrived is not known, and their messages are due at once unless they were withdrawn. */
export const outboxLeases = {
  /** All: an earlier process left them. */
  async takeBack(tx: Queries, now: number): Promise<void> {
    await withdrawn(tx, now).execute();
    await sending(tx, now).execute();
  },
  /** Those whose time is over and whose target (`topic target`) is not `busy`. */
  async takeBackLapsed(tx: Queries, now: number, busy: readonly string[]): Promise<void> {
    for (const left of [withdrawn(tx, now), sending(tx, now)]) {
      await left
        .where("lease_until", "<=", now)
        .$if(busy.length > 0, (query) => query.where(TARGET, "not in", busy))
        .execute();
    }
  },
  /** When the time of the first of them is over, `undefined` when there is none. */
  async nextLapse(queries: Queries, busy: readonly string[]): Promise<number | undefined> {
    const row = await queries
      .selectFrom("wf_outbox")
      .select(({ fn }) => fn.min("lease_until").as("at"))
      .where("state", "=", "sending")
      .$if(busy.length > 0, (query) => query.where(TARGET, "not in", busy))
      .executeTakeFirst();
    return row?.at ?? undefined;
  },
};

/** What nobody is to hear any more is not tried again. */
function withdrawn(tx: Queries, now: number) {
  return tx
    .updateTable("wf_outbox")
    .set(({ ref }) => ({ state: "cancelled", lease_until: 0, unsure: 1, settled_at: now, last_error: ref("withdrawn") }))
    .where("state", "=", "sending")
    .where("withdrawn", "<>", "");
}

function sending(tx: Queries, now: number) {
  return tx.updateTable("wf_outbox").set({ state: "waiting", lease_until: 0, unsure: 1, next_try_at: now }).where("state", "=", "sending");
}
