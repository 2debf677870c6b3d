import { CreatedId, IdList, Nothing, Report as ReportJson, ReportForm, ReportPreview } from "@windfire/api";
import { z } from "zod";
import { formatInstant, requireUser, scope } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { ReportCommands } from "./commands.ts";
import { settingsOf } from "./model.ts";
import type { Report } from "./model.ts";
import type { Sending } from "./sending.ts";

const tag = "report";
const READ = scope("nezha:notification:read");
const WRITE = scope("nezha:notification:write");

function shown(report: Report): ReportJson {
  return {
    id: report.id,
    owner_id: report.ownerId,
    name: report.name,
    enable: report.enable,
    ...report.plan,
    notification_group_id: report.notificationGroupId,
    parts: [...report.parts],
    servers: [...report.serverIds],
    groups: [...report.groupIds],
    services: [...report.serviceIds],
    ...(report.nextAt === 0 ? {} : { next_at: formatInstant(report.nextAt) }),
    ...(report.lastSentAt === 0 ? {} : { last_sent_at: formatInstant(report.lastSentAt) }),
    created_at: formatInstant(report.createdAt),
    updated_at: formatInstant(report.updatedAt),
  };
}

/** Reports at times. Ours: the reference has none. */
export function reportRoutes(commands: ReportCommands, sending: Sending): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/report",
      access: READ,
      summary: "Reports that are told at times",
      tag,
      query: listQuery,
      data: z.array(ReportJson),
      run: ({ caller, query }) => selectByIds(commands.list(caller), query.id, ({ id }) => id).map(shown),
    }),
    route({
      method: "POST",
      path: "/report",
      access: WRITE,
      summary: "Plan a report",
      tag,
      body: ReportForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.create(caller, requireUser(caller), settingsOf(body)),
    }),
    route({
      method: "PATCH",
      path: "/report/:id",
      access: WRITE,
      summary: "Replace a report; its next time counts from now",
      tag,
      params: idParams,
      body: ReportForm,
      data: Nothing,
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, settingsOf(body));
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/report",
      access: scope("nezha:notification:delete"),
      summary: "Delete reports",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.delete(caller, body);
        return null;
      },
    }),
    ...sendingRoutes(commands, sending),
  ];
}

function sendingRoutes(commands: ReportCommands, sending: Sending): AnyRoute[] {
  return [
    route({
      method: "POST",
      path: "/report/preview",
      access: READ,
      summary: "What a report would tell of the last whole period",
      tag,
      body: ReportForm,
      data: ReportPreview,
      async run({ caller, body }) {
        const settings = settingsOf(body);
        await commands.requireReferences(caller, settings);
        const times = { nextAt: 0, lastSentAt: 0, createdAt: 0, updatedAt: 0 };
        const { title, text, span, figures } = await sending.render({ ...settings, ...times, id: 0, ownerId: requireUser(caller).id });
        return { title, text, from: formatInstant(span.from), to: formatInstant(span.to), figures };
      },
    }),
    route({
      method: "POST",
      path: "/report/:id/send",
      access: WRITE,
      summary: "Tell a report of the last whole period now; refused where its group reaches nobody",
      tag,
      params: idParams,
      data: Nothing,
      async run({ caller, params }) {
        await sending.sendNow(caller, commands.find(caller, params.id), (stored) => commands.mine(caller, params.id, stored));
        return null;
      },
    }),
  ];
}
