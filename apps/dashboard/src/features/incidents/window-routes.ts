import { CreatedId, IdList, MaintenanceWindow as WindowJson, MaintenanceWindowForm, Nothing } from "@windfire/api";
import { z } from "zod";
import { formatInstant, requireUser, scope } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { MaintenanceWindow } from "./silences.ts";
import type { WindowCommands } from "./window-commands.ts";

const tag = "silence";
const READ = scope("nezha:alertrule:read");
const WRITE = scope("nezha:alertrule:write");

/** Maintenance windows. Ours: the reference tells always. */
export function windowRoutes(commands: WindowCommands, isOpen: (window: MaintenanceWindow) => boolean): AnyRoute[] {
  const shownWindow = (window: MaintenanceWindow): WindowJson => ({
    id: window.id,
    name: window.name,
    enable: window.enable,
    plan: window.plan,
    silence: window.silence,
    servers: [...window.serverIds],
    groups: [...window.groupIds],
    services: [...window.serviceIds],
    open: isOpen(window),
    created_at: formatInstant(window.createdAt),
    updated_at: formatInstant(window.updatedAt),
  });
  return [
    route({
      method: "GET",
      path: "/maintenance-window",
      access: READ,
      summary: "Planned work during which nobody is told",
      tag,
      data: z.array(WindowJson),
      run: ({ caller }) => commands.list(caller).map(shownWindow),
    }),
    route({
      method: "POST",
      path: "/maintenance-window",
      access: WRITE,
      summary: "Plan work",
      tag,
      body: MaintenanceWindowForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.create(caller, requireUser(caller), body),
    }),
    route({
      method: "PATCH",
      path: "/maintenance-window/:id",
      access: WRITE,
      summary: "Replace a plan",
      tag,
      params: idParams,
      body: MaintenanceWindowForm,
      data: Nothing,
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, body);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/maintenance-window",
      access: WRITE,
      summary: "Delete plans; what fails is told",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.delete(caller, body);
        return null;
      },
    }),
  ];
}
