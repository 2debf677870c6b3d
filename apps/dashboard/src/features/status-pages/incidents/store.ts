import { IncidentImpact, IncidentStatus } from "@windfire/api";
import type { Selectable } from "kysely";
import type { PageIncidentsTable, PageUpdatesTable, Queries } from "#platform/database";
import { readTexts, writtenTexts } from "../view/in-language.ts";
import type { Affected, PageIncident, PageUpdate } from "./model.ts";

function updateOf(row: Selectable<PageUpdatesTable>): PageUpdate {
  return { id: row.id, at: row.at, status: IncidentStatus.parse(row.status), text: row.text, texts: readTexts(row.texts) };
}

function incidentOf(row: Selectable<PageIncidentsTable>, updates: readonly PageUpdate[]): PageIncident {
  return {
    id: row.id,
    pageId: row.page_id,
    engineId: row.engine_id,
    title: row.title,
    titles: readTexts(row.titles),
    impact: IncidentImpact.parse(row.impact),
    // Only we write it.
    affected: JSON.parse(row.affected) as Affected[],
    status: IncidentStatus.parse(row.status),
    startedAt: row.started_at,
    resolvedAt: row.resolved_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    updates,
  };
}

/** Which incidents of a page are read. */
export interface PageIncidentFilter {
  readonly pageId: number;
  /** Those that began, or last, within. Unix milliseconds. */
  readonly from?: number;
  readonly to?: number;
  readonly beforeId?: number;
  readonly open?: true;
}

type Written = Omit<PageIncident, "id" | "updates">;

function columns(incident: Written) {
  return {
    title: incident.title,
    titles: writtenTexts(incident.titles),
    impact: incident.impact,
    affected: JSON.stringify(incident.affected),
    status: incident.status,
    started_at: incident.startedAt,
    resolved_at: incident.resolvedAt,
    updated_at: incident.updatedAt,
  };
}

/** Incidents that pages keep; the oldest that are over go. */
const KEPT = 2_000;
/** More than a page or a form shows of one. */
export const MOST_UPDATES = 200;

/** SQL of the tables `wf_page_incidents` and `wf_page_updates`. */
export const pageIncidentStore = {
  async find(queries: Queries, id: number): Promise<PageIncident | undefined> {
    const row = await queries.selectFrom("wf_page_incidents").selectAll().where("id", "=", id).executeTakeFirst();
    return row && (await withUpdates(queries, [row]))[0];
  },
  /** Newest first. */
  async list(queries: Queries, filter: PageIncidentFilter, limit: number): Promise<PageIncident[]> {
    let query = queries.selectFrom("wf_page_incidents").selectAll().where("page_id", "=", filter.pageId);
    if (filter.open) query = query.where("resolved_at", "=", 0);
    if (filter.beforeId !== undefined) query = query.where("id", "<", filter.beforeId);
    const { from, to } = filter;
    if (from !== undefined) query = query.where(({ eb, or }) => or([eb("resolved_at", "=", 0), eb("resolved_at", ">=", from)]));
    if (to !== undefined) query = query.where("started_at", "<", to);
    const newest = filter.beforeId === undefined ? query.orderBy("started_at", "desc") : query;
    return withUpdates(queries, await newest.orderBy("id", "desc").limit(limit).execute());
  },
  async insert(tx: Queries, incident: Written): Promise<number> {
    const row = { ...columns(incident), page_id: incident.pageId, engine_id: incident.engineId, created_at: incident.createdAt };
    return (await tx.insertInto("wf_page_incidents").values(row).returning("id").executeTakeFirstOrThrow()).id;
  },
  async update(tx: Queries, incident: PageIncident): Promise<void> {
    await tx.updateTable("wf_page_incidents").set(columns(incident)).where("id", "=", incident.id).execute();
  },
  async addUpdate(tx: Queries, incidentId: number, { at, status, text, texts }: Omit<PageUpdate, "id">): Promise<number> {
    const row = { incident_id: incidentId, at, status, text, texts: writtenTexts(texts) };
    return (await tx.insertInto("wf_page_updates").values(row).returning("id").executeTakeFirstOrThrow()).id;
  },
  async rewriteUpdate(tx: Queries, id: number, { text, texts }: Pick<PageUpdate, "text" | "texts">): Promise<void> {
    await tx
      .updateTable("wf_page_updates")
      .set({ text, texts: writtenTexts(texts) })
      .where("id", "=", id)
      .execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_page_updates").where("incident_id", "in", ids).execute();
    await tx.deleteFrom("wf_page_incidents").where("id", "in", ids).execute();
  },
  /** Deletes what is older than the newest that a page keeps. */
  async prune(tx: Queries, pageId: number): Promise<void> {
    const rows = await tx
      .selectFrom("wf_page_incidents")
      .select("id")
      .where("page_id", "=", pageId)
      .where("resolved_at", ">", 0)
      .orderBy("id", "desc")
      .limit(500)
      .offset(KEPT)
      .execute();
    if (rows.length > 0)
      await pageIncidentStore.delete(
        tx,
        rows.map(({ id }) => id),
      );
  },
};

async function withUpdates(queries: Queries, rows: readonly Selectable<PageIncidentsTable>[]): Promise<PageIncident[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const updates = await queries.selectFrom("wf_page_updates").selectAll().where("incident_id", "in", ids).orderBy("id", "desc").execute();
  const byIncident = Map.groupBy(updates, (update) => update.incident_id);
  return rows.map((row) => incidentOf(row, (byIncident.get(row.id) ?? []).map(updateOf)));
}
