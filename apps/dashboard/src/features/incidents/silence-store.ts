import { MaintenancePlan, SNOOZE_SCOPES } from "@windfire/api";
import type { Selectable } from "kysely";
import { readIdList } from "#platform/database";
import type { Kept, MaintenanceWindowsTable, Queries, SnoozesTable } from "#platform/database";
import type { MaintenanceWindow, Snooze } from "./silences.ts";

function snoozeOf(row: Selectable<SnoozesTable>): Snooze {
  return {
    id: row.id,
    ownerId: row.owner_id,
    scope: SNOOZE_SCOPES.find((scope) => scope === row.scope) ?? "server",
    scopeId: row.scope_id,
    until: row.until_at,
    note: row.note,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}

function windowOf(row: Selectable<MaintenanceWindowsTable>): MaintenanceWindow {
  return {
    id: row.id,
    ownerId: row.owner_id,
    name: row.name,
    enable: row.enable !== 0,
    plan: MaintenancePlan.parse(JSON.parse(row.plan)),
    serverIds: readIdList(row.servers) ?? [],
    groupIds: readIdList(row.groups) ?? [],
    serviceIds: readIdList(row.services) ?? [],
    silence: row.silence !== 0,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export type Snoozes = Kept<number, Snooze, (typeof snoozeKind)["indexes"]>;
export type MaintenanceWindows = Kept<number, MaintenanceWindow, (typeof windowKind)["indexes"]>;

const byId = (a: { readonly id: number }, b: { readonly id: number }): number => a.id - b.id;
const owner = ({ ownerId }: { readonly ownerId: number }): number => ownerId;

export const snoozeKind = {
  name: "snooze",
  keyOf: ({ id }: Snooze): number => id,
  order: byId,
  indexes: { owner },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Snooze[]> => {
    const query = queries.selectFrom("wf_snoozes").selectAll().orderBy("id");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(snoozeOf);
  },
};

export const windowKind = {
  name: "maintenance-window",
  keyOf: ({ id }: MaintenanceWindow): number => id,
  order: byId,
  indexes: { owner },
  load: async (queries: Queries, ids?: readonly number[]): Promise<MaintenanceWindow[]> => {
    const query = queries.selectFrom("wf_maintenance_windows").selectAll().orderBy("id");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(windowOf);
  },
};

function windowColumns(window: Omit<MaintenanceWindow, "id" | "ownerId" | "createdAt" | "updatedAt">) {
  return {
    name: window.name,
    enable: window.enable ? 1 : 0,
    plan: JSON.stringify(window.plan),
    servers: JSON.stringify(window.serverIds),
    groups: JSON.stringify(window.groupIds),
    services: JSON.stringify(window.serviceIds),
    silence: window.silence ? 1 : 0,
  };
}

/** SQL of the tables `wf_snoozes` and `wf_maintenance_windows`. */
export const silenceStore = {
  async insertSnooze(tx: Queries, { ownerId, scope, scopeId, until, note, createdAt, createdBy }: Omit<Snooze, "id">): Promise<number> {
    const values = { owner_id: ownerId, scope, scope_id: scopeId, until_at: until, note, created_at: createdAt, created_by: createdBy };
    return (await tx.insertInto("wf_snoozes").values(values).returning("id").executeTakeFirstOrThrow()).id;
  },
  async deleteSnoozes(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_snoozes").where("id", "in", ids).execute();
  },
  /** At most `limit` snoozes that are over, by their ids. */
  async overSnoozes(tx: Queries, now: number, limit: number): Promise<number[]> {
    const rows = await tx.selectFrom("wf_snoozes").select("id").where("until_at", "<=", now).orderBy("id").limit(limit).execute();
    return rows.map(({ id }) => id);
  },
  async insertWindow(tx: Queries, window: Omit<MaintenanceWindow, "id">): Promise<number> {
    const values = { ...windowColumns(window), owner_id: window.ownerId, created_at: window.createdAt, updated_at: window.updatedAt };
    return (await tx.insertInto("wf_maintenance_windows").values(values).returning("id").executeTakeFirstOrThrow()).id;
  },
  async updateWindow(tx: Queries, window: MaintenanceWindow): Promise<void> {
    await tx
      .updateTable("wf_maintenance_windows")
      .set({ ...windowColumns(window), updated_at: window.updatedAt })
      .where("id", "=", window.id)
      .execute();
  },
  async deleteWindows(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_maintenance_windows").where("id", "in", ids).execute();
  },
};
