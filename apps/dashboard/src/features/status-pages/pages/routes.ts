import {
  CreatedId,
  IdList,
  Nothing,
  PageDelivery,
  PageDeliveryForm,
  StatusPage as StatusPageJson,
  StatusPageForm,
  StatusPagePreview,
  StatusPagePreviewForm,
} from "@windfire/api";
import type { PageLanguage } from "@windfire/api";
import { z } from "zod";
import { adminOnly, formatInstant, requireUser, scope } from "#kernel";
import type { Caller } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { PageCommands } from "./commands.ts";
import type { DeliveryCommands } from "./delivery-commands.ts";
import { pathOf } from "./model.ts";
import type { StatusPage } from "./model.ts";

const tag = "status page";
const READ = scope("nezha:service:read");
const WRITE = scope("nezha:service:write");

/** What pages are like besides their rows. */
export interface PageFacts {
  readonly indicator: StatusPageJson["indicator"];
  readonly openIncidents: number;
  readonly subscribers: number;
}

export interface PageRouteDeps {
  readonly commands: PageCommands;
  readonly delivery: DeliveryCommands;
  readonly factsOf: (pages: readonly StatusPage[]) => Promise<ReadonlyMap<number, PageFacts>>;
  /** A page that is not saved, as readers would see it. */
  readonly preview: (caller: Caller, form: StatusPageForm, id: number, language: PageLanguage) => Promise<string>;
  readonly exported: (pageId: number) => Promise<{ readonly at: number; readonly error: string }>;
  readonly exportNow: (caller: Caller, page: StatusPage) => Promise<void>;
  readonly bouncePath: (page: StatusPage) => string;
}

/** The form of a stored page: what it holds is accepted when it comes back unchanged. */
function formOf({ slug, settings }: StatusPage): Record<string, unknown> {
  return { slug, ...settings };
}

function shown(page: StatusPage, { indicator, openIncidents, subscribers }: PageFacts): StatusPageJson {
  return {
    id: page.id,
    owner_id: page.ownerId,
    slug: page.slug,
    ...page.settings,
    has_password: page.passwordHash !== "",
    domain: page.domain,
    path: pathOf(page),
    indicator,
    open_incidents: openIncidents,
    subscribers,
    created_at: formatInstant(page.createdAt),
    updated_at: formatInstant(page.updatedAt),
  };
}

/** Status pages. Ours: the reference has none. */
export function pageRoutes(deps: PageRouteDeps): AnyRoute[] {
  const { commands } = deps;
  return [
    route({
      method: "GET",
      path: "/status-page",
      access: READ,
      summary: "Status pages",
      tag,
      query: listQuery,
      data: z.array(StatusPageJson),
      async run({ caller, query }) {
        const pages = selectByIds(commands.list(caller), query.id, ({ id }) => id);
        const facts = await deps.factsOf(pages);
        return pages.map((page) => shown(page, facts.get(page.id) ?? { indicator: "none", openIncidents: 0, subscribers: 0 }));
      },
    }),
    route({
      method: "POST",
      path: "/status-page",
      access: WRITE,
      summary: "Make a status page",
      tag,
      body: StatusPageForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.create(caller, requireUser(caller), body),
    }),
    route({
      method: "PATCH",
      path: "/status-page/:id",
      access: WRITE,
      summary: "Replace what a status page says and lists",
      tag,
      params: idParams,
      body: StatusPageForm,
      data: Nothing,
      stored: ({ caller, params }) => formOf(commands.find(caller, params.id)),
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, body);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/status-page",
      access: scope("nezha:service:delete"),
      summary: "Delete status pages with all that was written on them, and their subscribers",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.delete(caller, body);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/status-page/preview",
      access: WRITE,
      summary: "How a status page would look that is not saved",
      tag,
      body: StatusPagePreviewForm,
      data: StatusPagePreview,
      run: async ({ caller, body }) => ({ html: await deps.preview(caller, body.page, body.id, body.language) }),
    }),
    ...deliveryRoutes(deps),
  ];
}

function deliveryRoutes({ commands, delivery, exported, exportNow, bouncePath }: PageRouteDeps): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/status-page/:id/delivery",
      access: adminOnly(),
      summary: "Host name, channel of the mail and copies of a status page",
      tag,
      params: idParams,
      data: PageDelivery,
      async run({ caller, params }) {
        const page = commands.find(caller, params.id);
        const { at, error } = await exported(page.id);
        const { accessKey, ...target } = page.exportTarget;
        return {
          domain: page.domain,
          channel_id: page.channelId,
          export: { ...target, access_key: accessKey, has_secret_key: page.exportSecret !== "" },
          ...(at === 0 ? {} : { exported_at: formatInstant(at) }),
          ...(error === "" ? {} : { export_error: error }),
          bounce_path: bouncePath(page),
        };
      },
    }),
    route({
      method: "PATCH",
      path: "/status-page/:id/delivery",
      access: adminOnly(),
      summary: "Replace host name, channel of the mail and copies of a status page",
      tag,
      params: idParams,
      body: PageDeliveryForm,
      data: Nothing,
      run: async ({ caller, params, body }) => {
        await delivery.update(caller, params.id, body);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/status-page/:id/bounce-address",
      access: adminOnly(),
      summary: "Make the address for bounces of a status page anew; the earlier one answers no more",
      tag,
      params: idParams,
      data: Nothing,
      run: async ({ caller, params }) => {
        await delivery.renewBounceAddress(caller, params.id);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/status-page/:id/export",
      access: adminOnly(),
      summary: "Write the copies of a status page now",
      tag,
      params: idParams,
      data: Nothing,
      run: async ({ caller, params }) => {
        await exportNow(caller, commands.find(caller, params.id));
        return null;
      },
    }),
  ];
}
