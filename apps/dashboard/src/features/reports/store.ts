import { REPORT_PARTS } from "@windfire/api";
import type { Selectable } from "kysely";
import { readIdList } from "#platform/database";
import type { Kept, Queries, ReportsTable } from "#platform/database";
import type { Report, ReportPart, ReportPlan, ReportSettings } from "./model.ts";

function fromRow(row: Selectable<ReportsTable>): Report {
  // Both texts were written here.
  const parts = JSON.parse(row.parts) as readonly string[];
  return {
    id: row.id,
    ownerId: row.owner_id,
    name: row.name,
    enable: row.enable !== 0,
    plan: JSON.parse(row.plan) as ReportPlan,
    notificationGroupId: row.notification_group_id,
    parts: parts.filter((part): part is ReportPart => REPORT_PARTS.some((known) => known === part)),
    serverIds: readIdList(row.servers) ?? [],
    groupIds: readIdList(row.groups) ?? [],
    serviceIds: readIdList(row.services) ?? [],
    nextAt: row.next_at,
    lastSentAt: row.last_sent_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function columns(settings: ReportSettings) {
  return {
    name: settings.name,
    enable: settings.enable ? 1 : 0,
    plan: JSON.stringify(settings.plan),
    notification_group_id: settings.notificationGroupId,
    parts: JSON.stringify(settings.parts),
    servers: JSON.stringify(settings.serverIds),
    groups: JSON.stringify(settings.groupIds),
    services: JSON.stringify(settings.serviceIds),
  };
}

export type Reports = Kept<number, Report, (typeof reportKind)["indexes"]>;

export const reportKind = {
  name: "report",
  keyOf: ({ id }: Report): number => id,
  order: (a: Report, b: Report): number => a.id - b.id,
  indexes: { owner: ({ ownerId }: Report): number => ownerId },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Report[]> => {
    const query = queries.selectFrom("wf_reports").selectAll().orderBy("id");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(fromRow);
  },
};

/** SQL of table `wf_reports`. Times in Unix milliseconds. */
export const reportStore = {
  async find(queries: Queries, id: number): Promise<Report | undefined> {
    return (await reportKind.load(queries, [id]))[0];
  },
  async insert(tx: Queries, ownerId: number, settings: ReportSettings, nextAt: number, at: number): Promise<number> {
    const times = { next_at: nextAt, last_sent_at: 0, created_at: at, updated_at: at };
    const { id } = await tx
      .insertInto("wf_reports")
      .values({ ...columns(settings), ...times, owner_id: ownerId })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  },
  async update(tx: Queries, id: number, settings: ReportSettings, nextAt: number, at: number): Promise<void> {
    await tx
      .updateTable("wf_reports")
      .set({ ...columns(settings), next_at: nextAt, updated_at: at })
      .where("id", "=", id)
      .execute();
  },
  async sent(tx: Queries, id: number, times: { readonly nextAt: number; readonly at: number }): Promise<void> {
    await tx.updateTable("wf_reports").set({ next_at: times.nextAt, last_sent_at: times.at }).where("id", "=", id).execute();
  },
  /** Writes what a deletion elsewhere left of a report's references. */
  async setReferences(tx: Queries, report: Report): Promise<void> {
    await tx.updateTable("wf_reports").set(columns(report)).where("id", "=", report.id).execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_reports").where("id", "in", ids).execute();
  },
};
