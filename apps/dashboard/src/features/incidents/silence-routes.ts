import {
  CreatedId,
  IdList,
  MaintenanceWindow as WindowJson,
  MaintenanceWindowForm,
  Nothing,
  Snooze as SnoozeJson,
  SnoozeForm,
} from "@windfire/api";
import { z } from "zod";
import { formatInstant, requireUser, scope } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { SilenceCommands } from "./silence-commands.ts";
import type { MaintenanceWindow, Snooze } from "./silences.ts";

const tag = "silence";
const READ = scope("nezha:alertrule:read");
const WRITE = scope("nezha:alertrule:write");

function shownSnooze(snooze: Snooze): SnoozeJson {
  return {
    id: snooze.id,
    scope: snooze.scope,
    scope_id: snooze.scopeId,
    until: formatInstant(snooze.until),
    note: snooze.note,
    created_at: formatInstant(snooze.createdAt),
    created_by: snooze.createdBy,
  };
}

/** Snoozes and maintenance windows. Ours: the reference tells always. */
export function silenceRoutes(commands: SilenceCommands, isOpen: (window: MaintenanceWindow) => boolean): AnyRoute[] {
  const shownWindow = (window: MaintenanceWindow): WindowJson => ({
    id: window.id,
    name: window.name,
    enable: window.enable,
    plan: window.plan,
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
      path: "/snooze",
      access: READ,
      summary: "Of what nobody is told until a time",
      tag,
      data: z.array(SnoozeJson),
      run: ({ caller }) => commands.snoozes(caller).map(shownSnooze),
    }),
    route({
      method: "POST",
      path: "/snooze",
      access: WRITE,
      summary: "Record incidents and tell nobody until a time; what still fails then is told",
      tag,
      body: SnoozeForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.snooze(caller, requireUser(caller), body),
    }),
    route({
      method: "POST",
      path: "/batch-delete/snooze",
      access: WRITE,
      summary: "End snoozes; what fails is told",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.wake(caller, body);
        return null;
      },
    }),
    route({
      method: "GET",
      path: "/maintenance-window",
      access: READ,
      summary: "Planned work during which nobody is told",
      tag,
      data: z.array(WindowJson),
      run: ({ caller }) => commands.windows(caller).map(shownWindow),
    }),
    route({
      method: "POST",
      path: "/maintenance-window",
      access: WRITE,
      summary: "Plan work",
      tag,
      body: MaintenanceWindowForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.createWindow(caller, requireUser(caller), body),
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
        await commands.updateWindow(caller, params.id, body);
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
        await commands.deleteWindows(caller, body);
        return null;
      },
    }),
  ];
}
