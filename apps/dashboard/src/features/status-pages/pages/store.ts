import { StatusPageForm } from "@windfire/api";
import type { Selectable } from "kysely";
import type { Kept, Queries, StatusPagesTable } from "#platform/database";
import { NO_EXPORT, settingsOf } from "./model.ts";
import type { ExportTarget, PageSettings, StatusPage } from "./model.ts";

/** Only we write the texts; fields that came later have their defaults. */
function fromRow(row: Selectable<StatusPagesTable>): StatusPage {
  const stored = JSON.parse(row.settings) as PageSettings;
  return {
    id: row.id,
    ownerId: row.owner_id,
    slug: row.slug,
    settings: { ...settingsOf(StatusPageForm.parse({ slug: "x", title: "x" })), ...stored },
    passwordHash: row.password_hash,
    domain: row.domain,
    channelId: row.channel_id,
    exportTarget: { ...NO_EXPORT, ...(JSON.parse(row.export_target) as ExportTarget) },
    exportSecret: row.export_secret,
    bounceTurn: row.bounce_turn,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export type StatusPages = Kept<number, StatusPage, (typeof statusPageKind)["indexes"]>;

/** What is written on a page changes its row in the log as well: whoever draws it follows this kind alone. */
export const statusPageKind = {
  name: "status-page",
  keyOf: ({ id }: StatusPage): number => id,
  order: (a: StatusPage, b: StatusPage): number => a.id - b.id,
  indexes: {
    owner: ({ ownerId }: StatusPage): number => ownerId,
    slug: ({ slug }: StatusPage): string => slug,
    domain: ({ domain }: StatusPage): string => domain,
  },
  load: async (queries: Queries, ids?: readonly number[]): Promise<StatusPage[]> => {
    const query = queries.selectFrom("wf_status_pages").selectAll().orderBy("id");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(fromRow);
  },
};

type Written = Pick<StatusPage, "slug" | "settings" | "passwordHash">;
type Delivered = Pick<StatusPage, "domain" | "channelId" | "exportTarget" | "exportSecret">;

/** SQL of table `wf_status_pages`. Times in Unix milliseconds. */
export const pageStore = {
  async find(queries: Queries, id: number): Promise<StatusPage | undefined> {
    return (await statusPageKind.load(queries, [id]))[0];
  },
  async insert(tx: Queries, ownerId: number, { slug, settings, passwordHash }: Written, at: number): Promise<number> {
    const written = { slug, settings: JSON.stringify(settings), password_hash: passwordHash };
    const delivered = { domain: "", channel_id: 0, export_target: JSON.stringify(NO_EXPORT), export_secret: "" };
    const row = { ...written, ...delivered, owner_id: ownerId, created_at: at, updated_at: at };
    return (await tx.insertInto("wf_status_pages").values(row).returning("id").executeTakeFirstOrThrow()).id;
  },
  async update(tx: Queries, id: number, { slug, settings, passwordHash }: Written, at: number): Promise<void> {
    await tx
      .updateTable("wf_status_pages")
      .set({ slug, settings: JSON.stringify(settings), password_hash: passwordHash, updated_at: at })
      .where("id", "=", id)
      .execute();
  },
  async setDelivery(tx: Queries, id: number, { domain, channelId, exportTarget, exportSecret }: Delivered, at: number): Promise<void> {
    await tx
      .updateTable("wf_status_pages")
      .set({ domain, channel_id: channelId, export_target: JSON.stringify(exportTarget), export_secret: exportSecret, updated_at: at })
      .where("id", "=", id)
      .execute();
  },
  async setBounceTurn(tx: Queries, id: number, turn: number, at: number): Promise<void> {
    await tx.updateTable("wf_status_pages").set({ bounce_turn: turn, updated_at: at }).where("id", "=", id).execute();
  },
  /** Pages, and everything that was written on them. */
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    const incidents = tx.selectFrom("wf_page_incidents").select("id").where("page_id", "in", ids);
    await tx.deleteFrom("wf_page_updates").where("incident_id", "in", incidents).execute();
    for (const table of ["wf_page_incidents", "wf_page_maintenances", "wf_page_subscribers", "wf_page_exports"] as const)
      await tx.deleteFrom(table).where("page_id", "in", ids).execute();
    await tx.deleteFrom("wf_status_pages").where("id", "in", ids).execute();
  },
};
