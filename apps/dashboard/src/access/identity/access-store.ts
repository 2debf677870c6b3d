import type { Queries } from "#platform/database";

/** What there is for a viewer to read, as stored. */
export interface ViewerRows {
  readonly serverIds: readonly number[];
  readonly groupIds: readonly number[];
}

export const NOTHING_TO_SEE: ViewerRows = { serverIds: [], groupIds: [] };

type RowKind = "server" | "server-group";

/**
 * SQL of `wf_access` and `wf_access_rows`. Whoever has a row of the first is a viewer, whatever word it holds: a word that is not known must
 * not give more.
 */
export const accessStore = {
  /** Viewers among these users, or all. */
  async load(queries: Queries, userIds?: readonly number[]): Promise<ReadonlyMap<number, ViewerRows>> {
    const users = queries.selectFrom("wf_access").select("user_id");
    const viewers = await (userIds ? users.where("user_id", "in", userIds) : users).execute();
    if (viewers.length === 0) return new Map();
    const rows = queries.selectFrom("wf_access_rows").selectAll().orderBy("row_id");
    const found = Map.groupBy(await (userIds ? rows.where("user_id", "in", userIds) : rows).execute(), (row) => row.user_id);
    const idsOf = (userId: number, kind: RowKind): number[] =>
      (found.get(userId) ?? []).filter((row) => row.kind === kind).map((row) => row.row_id);
    return new Map(viewers.map(({ user_id: id }) => [id, { serverIds: idsOf(id, "server"), groupIds: idsOf(id, "server-group") }]));
  },
  async set(tx: Queries, userId: number, { serverIds, groupIds }: ViewerRows): Promise<void> {
    await accessStore.remove(tx, [userId]);
    await tx.insertInto("wf_access").values({ user_id: userId, access: "viewer" }).execute();
    const rows = (kind: RowKind, ids: readonly number[]) => ids.map((id) => ({ user_id: userId, kind, row_id: id }));
    const all = [...rows("server", serverIds), ...rows("server-group", groupIds)];
    if (all.length > 0) await tx.insertInto("wf_access_rows").values(all).execute();
  },
  async remove(tx: Queries, userIds: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_access_rows").where("user_id", "in", userIds).execute();
    await tx.deleteFrom("wf_access").where("user_id", "in", userIds).execute();
  },
  /** Rows that are deleted. @returns the viewers who saw them */
  async forget(tx: Queries, kind: RowKind, ids: readonly number[]): Promise<number[]> {
    const gone = await tx.deleteFrom("wf_access_rows").where("kind", "=", kind).where("row_id", "in", ids).returning("user_id").execute();
    return [...new Set(gone.map((row) => row.user_id))];
  },
  /** Of users that another program deleted. */
  async removeOrphans(queries: Queries): Promise<void> {
    for (const table of ["wf_access", "wf_access_rows"] as const)
      await queries
        .deleteFrom(table)
        .where("user_id", "not in", (users) => users.selectFrom("users").select("id"))
        .execute();
  },
};
