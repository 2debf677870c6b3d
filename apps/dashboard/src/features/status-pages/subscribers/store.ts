import type { Selectable } from "kysely";
import type { PageSubscribersTable, Queries } from "#platform/database";

/** Who is told of what a page says. Times in Unix milliseconds. */
export interface Subscriber {
  readonly id: number;
  readonly pageId: number;
  readonly kind: "email" | "webhook";
  readonly address: string;
  readonly language: string;
  readonly createdAt: number;
  /** 0: the address has not said yes. */
  readonly confirmedAt: number;
}

function fromRow(row: Selectable<PageSubscribersTable>): Subscriber {
  return {
    id: row.id,
    pageId: row.page_id,
    kind: row.kind === "webhook" ? "webhook" : "email",
    address: row.address,
    language: row.language,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at,
  };
}

/** SQL of table `wf_page_subscribers`. */
export const subscriberStore = {
  async find(queries: Queries, id: number): Promise<Subscriber | undefined> {
    const row = await queries.selectFrom("wf_page_subscribers").selectAll().where("id", "=", id).executeTakeFirst();
    return row && fromRow(row);
  },
  async byAddress(
    queries: Queries,
    { pageId, kind, address }: Pick<Subscriber, "pageId" | "kind" | "address">,
  ): Promise<Subscriber | undefined> {
    const query = queries.selectFrom("wf_page_subscribers").selectAll().where("page_id", "=", pageId);
    const row = await query.where("kind", "=", kind).where("address", "=", address).executeTakeFirst();
    return row && fromRow(row);
  },
  /** Newest first. */
  async list(queries: Queries, pageId: number, limit: number, beforeId?: number): Promise<Subscriber[]> {
    let query = queries.selectFrom("wf_page_subscribers").selectAll().where("page_id", "=", pageId);
    if (beforeId !== undefined) query = query.where("id", "<", beforeId);
    return (await query.orderBy("id", "desc").limit(limit).execute()).map(fromRow);
  },
  async some(queries: Queries, ids: readonly number[]): Promise<Subscriber[]> {
    return (await queries.selectFrom("wf_page_subscribers").selectAll().where("id", "in", ids).execute()).map(fromRow);
  },
  /** Confirmed ones after an id, in order. */
  async confirmedAfter(queries: Queries, pageId: number, afterId: number, limit: number): Promise<Subscriber[]> {
    const query = queries.selectFrom("wf_page_subscribers").selectAll().where("page_id", "=", pageId).where("confirmed_at", ">", 0);
    return (await query.where("id", ">", afterId).orderBy("id").limit(limit).execute()).map(fromRow);
  },
  /** How many there are: confirmed, and in all. */
  async counts(queries: Queries): Promise<Map<number, { readonly confirmed: number; readonly all: number }>> {
    const rows = await queries
      .selectFrom("wf_page_subscribers")
      .select(({ fn, eb }) => [
        "page_id",
        fn.countAll<number>().as("all"),
        fn.sum<number>(eb.case().when("confirmed_at", ">", 0).then(1).else(0).end()).as("confirmed"),
      ])
      .groupBy("page_id")
      .execute();
    return new Map(rows.map((row) => [row.page_id, { all: row.all, confirmed: row.confirmed }]));
  },
  async insert(tx: Queries, { pageId, kind, address, language, createdAt, confirmedAt }: Omit<Subscriber, "id">): Promise<number> {
    const row = { page_id: pageId, kind, address, language, created_at: createdAt, confirmed_at: confirmedAt };
    return (await tx.insertInto("wf_page_subscribers").values(row).returning("id").executeTakeFirstOrThrow()).id;
  },
  async confirm(tx: Queries, id: number, at: number): Promise<void> {
    await tx.updateTable("wf_page_subscribers").set({ confirmed_at: at }).where("id", "=", id).execute();
  },
  async touch(tx: Queries, id: number, at: number): Promise<void> {
    await tx.updateTable("wf_page_subscribers").set({ created_at: at }).where("id", "=", id).execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_page_subscribers").where("id", "in", ids).execute();
  },
  /** Those that never said yes. */
  async unconfirmedBefore(queries: Queries, at: number, limit: number): Promise<number[]> {
    const query = queries.selectFrom("wf_page_subscribers").select("id").where("confirmed_at", "=", 0).where("created_at", "<", at);
    return (await query.limit(limit).execute()).map(({ id }) => id);
  },
};
