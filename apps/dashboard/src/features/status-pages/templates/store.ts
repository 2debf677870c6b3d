import { IncidentImpact, IncidentStatus } from "@windfire/api";
import type { PageTemplate as PageTemplateJson, PageTemplateForm } from "@windfire/api";
import type { Selectable } from "kysely";
import type { PageTemplatesTable, Queries } from "#platform/database";
import { readTexts, writtenTexts } from "../view/in-language.ts";

export interface PageTemplate extends PageTemplateJson {
  readonly ownerId: number;
}

function fromRow(row: Selectable<PageTemplatesTable>): PageTemplate {
  const { id, owner_id: ownerId, name, title, text } = row;
  const said = { title, titles: readTexts(row.titles), text, texts: readTexts(row.texts) };
  return { id, ownerId, name, impact: IncidentImpact.parse(row.impact), status: IncidentStatus.parse(row.status), ...said };
}

function columns(form: PageTemplateForm) {
  return { ...form, titles: writtenTexts(form.titles), texts: writtenTexts(form.texts) };
}

/** SQL of table `wf_page_templates`. */
export const templateStore = {
  /** By name; of everybody, or some. */
  async list(queries: Queries, ids?: readonly number[]): Promise<PageTemplate[]> {
    const query = queries.selectFrom("wf_page_templates").selectAll().orderBy("name").orderBy("id");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(fromRow);
  },
  async insert(tx: Queries, ownerId: number, form: PageTemplateForm): Promise<number> {
    return (
      await tx
        .insertInto("wf_page_templates")
        .values({ ...columns(form), owner_id: ownerId })
        .returning("id")
        .executeTakeFirstOrThrow()
    ).id;
  },
  async update(tx: Queries, id: number, form: PageTemplateForm): Promise<void> {
    await tx.updateTable("wf_page_templates").set(columns(form)).where("id", "=", id).execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_page_templates").where("id", "in", ids).execute();
  },
  async deleteOf(tx: Queries, ownerIds: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_page_templates").where("owner_id", "in", ownerIds).execute();
  },
};
