import type { Selectable } from "kysely";
import type { PageMaintenancesTable, Queries } from "#platform/database";
import { readTexts, writtenTexts } from "../view/in-language.ts";
import type { InLanguages } from "../view/in-language.ts";

/** Planned work that a page announces; when and what, its maintenance window says. Times in Unix milliseconds. */
export interface PageMaintenance {
  readonly id: number;
  readonly pageId: number;
  readonly windowId: number;
  readonly title: string;
  readonly titles: InLanguages;
  /** Markdown. */
  readonly text: string;
  readonly texts: InLanguages;
  readonly createdAt: number;
  readonly updatedAt: number;
}

function fromRow(row: Selectable<PageMaintenancesTable>): PageMaintenance {
  const { id, page_id: pageId, window_id: windowId, title, text, created_at: createdAt, updated_at: updatedAt } = row;
  return { id, pageId, windowId, title, titles: readTexts(row.titles), text, texts: readTexts(row.texts), createdAt, updatedAt };
}

function columns({ title, titles, text, texts, updatedAt }: Omit<PageMaintenance, "id">) {
  return { title, titles: writtenTexts(titles), text, texts: writtenTexts(texts), updated_at: updatedAt };
}

/** SQL of table `wf_page_maintenances`. */
export const maintenanceStore = {
  async find(queries: Queries, id: number): Promise<PageMaintenance | undefined> {
    const row = await queries.selectFrom("wf_page_maintenances").selectAll().where("id", "=", id).executeTakeFirst();
    return row && fromRow(row);
  },
  /** Newest first. */
  async of(queries: Queries, pageIds: readonly number[]): Promise<PageMaintenance[]> {
    const query = queries.selectFrom("wf_page_maintenances").selectAll().where("page_id", "in", pageIds);
    return (await query.orderBy("id", "desc").execute()).map(fromRow);
  },
  async insert(tx: Queries, maintenance: Omit<PageMaintenance, "id">): Promise<number> {
    const { pageId, windowId, createdAt } = maintenance;
    const row = { ...columns(maintenance), page_id: pageId, window_id: windowId, created_at: createdAt };
    return (await tx.insertInto("wf_page_maintenances").values(row).returning("id").executeTakeFirstOrThrow()).id;
  },
  async update(tx: Queries, maintenance: PageMaintenance): Promise<void> {
    await tx.updateTable("wf_page_maintenances").set(columns(maintenance)).where("id", "=", maintenance.id).execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_page_maintenances").where("id", "in", ids).execute();
  },
  /** Those whose window was deleted elsewhere. */
  async sweep(tx: Queries): Promise<void> {
    await tx
      .deleteFrom("wf_page_maintenances")
      .where("window_id", "not in", tx.selectFrom("wf_maintenance_windows").select("id"))
      .execute();
  },
};
