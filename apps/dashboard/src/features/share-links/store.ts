import { SHARE_KINDS } from "@windfire/api";
import type { ShareKind } from "@windfire/api";
import type { Kept, Queries } from "#platform/database";
import type { SharedRow, ShareLink } from "./model.ts";

export type ShareLinks = Kept<number, ShareLink, (typeof shareLinkKind)["indexes"]>;

const isKind = (kind: string): kind is ShareKind => SHARE_KINDS.some((known) => known === kind);

export const shareLinkKind = {
  name: "share-link",
  keyOf: ({ id }: ShareLink): number => id,
  order: (a: ShareLink, b: ShareLink): number => b.id - a.id,
  indexes: { owner: ({ ownerId }: ShareLink): number => ownerId, hash: ({ hash }: ShareLink): string => hash },
  load: async (queries: Queries, ids?: readonly number[]): Promise<ShareLink[]> => {
    const [linkQuery, rowQuery] = [queries.selectFrom("wf_share_links").selectAll(), queries.selectFrom("wf_share_rows").selectAll()];
    const links = await (ids ? linkQuery.where("id", "in", ids) : linkQuery).execute();
    const rows = Map.groupBy(await (ids ? rowQuery.where("link_id", "in", ids) : rowQuery).execute(), ({ link_id }) => link_id);
    return links.map((link) => ({
      id: link.id,
      ownerId: link.owner_id,
      name: link.name,
      rows: (rows.get(link.id) ?? []).flatMap(({ kind, row_id }) => (isKind(kind) ? [{ kind, id: row_id }] : [])),
      hash: link.hash,
      passwordHash: link.password_hash,
      createdAt: link.created_at,
      expiresAt: link.expires_at,
      openedAt: link.opened_at,
    }));
  },
};

/** SQL of tables `wf_share_links` and `wf_share_rows`. Times in Unix milliseconds. */
export const shareLinkStore = {
  async insert(tx: Queries, { rows, ...link }: Omit<ShareLink, "id">): Promise<number> {
    const { id } = await tx
      .insertInto("wf_share_links")
      .values({
        owner_id: link.ownerId,
        name: link.name,
        hash: link.hash,
        password_hash: link.passwordHash,
        created_at: link.createdAt,
        expires_at: link.expiresAt,
        opened_at: link.openedAt,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    for (const row of rows) await tx.insertInto("wf_share_rows").values({ link_id: id, kind: row.kind, row_id: row.id }).execute();
    return id;
  },
  async opened(tx: Queries, id: number, at: number): Promise<void> {
    await tx.updateTable("wf_share_links").set({ opened_at: at }).where("id", "=", id).execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await tx.deleteFrom("wf_share_rows").where("link_id", "in", ids).execute();
    await tx.deleteFrom("wf_share_links").where("id", "in", ids).execute();
  },
  /** Ids of the links that named one of the rows. */
  async forget(tx: Queries, kind: SharedRow["kind"], ids: readonly number[]): Promise<number[]> {
    if (ids.length === 0) return [];
    const gone = await tx.deleteFrom("wf_share_rows").where("kind", "=", kind).where("row_id", "in", ids).returning("link_id").execute();
    return [...new Set(gone.map(({ link_id }) => link_id))];
  },
  async ended(queries: Queries, before: number): Promise<number[]> {
    return (await queries.selectFrom("wf_share_links").select("id").where("expires_at", "<", before).execute()).map(({ id }) => id);
  },
};
