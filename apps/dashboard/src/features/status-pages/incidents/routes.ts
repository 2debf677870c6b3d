import { setImmediate as yieldToOthers } from "node:timers/promises";
import {
  CreatedId,
  IdList,
  Nothing,
  PageIncident as PageIncidentJson,
  PageIncidentDraft,
  PageIncidentForm,
  PageIncidentPatch,
  PageUpdateForm,
  PageUpdatePatch,
} from "@windfire/api";
import { z } from "zod";
import { formatInstant, scope } from "#kernel";
import { idParams, pathId, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { markdown } from "../drawing/markdown.ts";
import type { PageIncidentCommands } from "./commands.ts";
import type { PageIncident } from "./model.ts";
import type { Saying } from "./saying.ts";

const tag = "status page";
const READ = scope("nezha:service:read");
const WRITE = scope("nezha:service:write");

/** Texts may be long, and many: others have a turn after each. */
async function drawn({ updates }: PageIncident): Promise<PageIncidentJson["updates"]> {
  const all: PageIncidentJson["updates"] = [];
  for (const { at, ...update } of updates) {
    all.push({ ...update, html: markdown(update.text).html, at: formatInstant(at) });
    await yieldToOthers();
  }
  return all;
}

async function shown(incident: PageIncident): Promise<PageIncidentJson> {
  return {
    id: incident.id,
    page_id: incident.pageId,
    title: incident.title,
    titles: incident.titles,
    impact: incident.impact,
    affected: [...incident.affected],
    status: incident.status,
    incident_id: incident.engineId,
    started_at: formatInstant(incident.startedAt),
    ...(incident.resolvedAt === 0 ? {} : { resolved_at: formatInstant(incident.resolvedAt) }),
    updates: await drawn(incident),
    created_at: formatInstant(incident.createdAt),
    updated_at: formatInstant(incident.updatedAt),
  };
}

/** Incidents of status pages. Ours: the reference has no pages. */
export function pageIncidentRoutes(commands: PageIncidentCommands, saying: Saying): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/page-incident",
      access: READ,
      summary: "Incidents of a status page, newest first, 100 at most",
      tag,
      query: z.object({
        page_id: pathId,
        before: pathId.optional().meta({ description: "Only those with a smaller id", type: "integer" }),
      }),
      data: z.array(PageIncidentJson),
      async run({ caller, query }) {
        const all: PageIncidentJson[] = [];
        for (const incident of await commands.list(caller, query.page_id, query.before)) all.push(await shown(incident));
        return all;
      },
    }),
    route({
      method: "GET",
      path: "/page-incident/draft",
      access: READ,
      summary: "What an incident of the engine would be on a status page",
      tag,
      query: z.object({ page_id: pathId, incident_id: pathId }),
      data: PageIncidentDraft,
      async run({ caller, query }) {
        const { page, engine, affected, impact } = await commands.draft(caller, query.page_id, query.incident_id);
        const started_at = formatInstant(engine.openedAt);
        const known = { page_id: page.id, title: engine.title || "-", status: "investigating" as const, incident_id: engine.id };
        return { ...known, started_at, affected, impact };
      },
    }),
    route({
      method: "POST",
      path: "/page-incident",
      access: WRITE,
      summary: "Begin an incident on a status page",
      tag,
      body: PageIncidentForm,
      data: CreatedId,
      run: ({ caller, body }) => saying.create(caller, body),
    }),
    route({
      method: "PATCH",
      path: "/page-incident/:id",
      access: WRITE,
      summary: "Replace title, impact and parts of an incident; nobody is told",
      tag,
      params: idParams,
      body: PageIncidentPatch,
      data: Nothing,
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, body);
        return null;
      },
    }),
    ...sayingRoutes(commands, saying),
  ];
}

function sayingRoutes(commands: PageIncidentCommands, saying: Saying): AnyRoute[] {
  return [
    route({
      method: "POST",
      path: "/page-incident/:id/update",
      access: WRITE,
      summary: "Say the next thing of an incident",
      tag,
      params: idParams,
      body: PageUpdateForm,
      data: CreatedId,
      run: ({ caller, params, body }) => saying.addUpdate(caller, params.id, body),
    }),
    route({
      method: "PATCH",
      path: "/page-incident/:id/update/:update",
      access: WRITE,
      summary: "Put the text of an update right; nobody is told",
      tag,
      params: z.object({ id: pathId, update: pathId }),
      body: PageUpdatePatch,
      data: Nothing,
      run: async ({ caller, params, body }) => {
        await commands.rewriteUpdate(caller, params.id, params.update, body);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/page-incident",
      access: scope("nezha:service:delete"),
      summary: "Delete incidents of status pages",
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
