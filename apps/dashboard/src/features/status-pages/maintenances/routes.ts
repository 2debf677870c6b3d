import { CreatedId, IdList, Nothing, PageMaintenance as PageMaintenanceJson, PageMaintenanceForm } from "@windfire/api";
import { z } from "zod";
import type { Plans } from "#features/incidents";
import { formatInstant, scope } from "#kernel";
import { idParams, pathId, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { affectedBy } from "./commands.ts";
import type { MaintenanceCommands, MaintenanceRemoval, PlannedWindow } from "./commands.ts";
import type { PageMaintenance } from "./store.ts";

const tag = "status page";
const WRITE = scope("nezha:service:write");

export interface MaintenanceRouteDeps {
  readonly commands: MaintenanceCommands;
  readonly removal: Pick<MaintenanceRemoval, "delete">;
  readonly plans: Pick<Plans, "runOf">;
  readonly now: () => number;
}

/** Planned work on status pages. */
export function maintenanceRoutes({ commands, removal, plans, now }: MaintenanceRouteDeps): AnyRoute[] {
  const shown = (maintenance: PageMaintenance, window: PlannedWindow): PageMaintenanceJson => {
    const run = window.enable ? plans.runOf(window.plan, now()) : undefined;
    return {
      id: maintenance.id,
      page_id: maintenance.pageId,
      title: maintenance.title,
      titles: maintenance.titles,
      text: maintenance.text,
      texts: maintenance.texts,
      plan: window.plan,
      affected: affectedBy(window),
      silence: window.silence,
      window_id: window.id,
      running: run !== undefined && run.from <= now(),
      ...(run === undefined ? {} : { from: formatInstant(run.from), to: formatInstant(run.to) }),
      created_at: formatInstant(maintenance.createdAt),
      updated_at: formatInstant(maintenance.updatedAt),
    };
  };
  return [
    route({
      method: "GET",
      path: "/page-maintenance",
      access: scope("nezha:service:read"),
      summary: "Planned work that a status page announces, newest first",
      tag,
      query: z.object({ page_id: pathId }),
      data: z.array(PageMaintenanceJson),
      run: async ({ caller, query }) =>
        (await commands.list(caller, query.page_id)).map(({ maintenance, window }) => shown(maintenance, window)),
    }),
    route({
      method: "POST",
      path: "/page-maintenance",
      access: WRITE,
      summary: "Announce planned work; it is a maintenance window as well",
      tag,
      body: PageMaintenanceForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.create(caller, body),
    }),
    route({
      method: "PATCH",
      path: "/page-maintenance/:id",
      access: WRITE,
      summary: "Replace planned work",
      tag,
      params: idParams,
      body: PageMaintenanceForm,
      data: Nothing,
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, body);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/page-maintenance",
      access: scope("nezha:service:delete"),
      summary: "Delete planned work, and its maintenance windows",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await removal.delete(caller, body);
        return null;
      },
    }),
  ];
}
