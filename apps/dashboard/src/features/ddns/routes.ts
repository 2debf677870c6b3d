import {
  CreatedId,
  DDNS_PROVIDERS,
  DdnsForm,
  DdnsProfile as DdnsProfileJson,
  DdnsProviders,
  DdnsRecord as DdnsRecordJson,
  DdnsTest,
  IdList,
  Nothing,
} from "@windfire/api";
import { z } from "zod";
import { formatInstant, requireUser, scope } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { DdnsCommands } from "./commands.ts";
import type { DdnsProfile, DdnsSettings } from "./model.ts";
import type { DdnsRecord } from "./records/model.ts";

const tag = "ddns";

/** A profile as clients get it: without what holds secrets, or may (GHSA-ww5p-j6cj-6mqq). */
function shown(profile: DdnsProfile): DdnsProfileJson {
  return {
    id: profile.id,
    created_at: profile.createdAt,
    updated_at: profile.updatedAt,
    name: profile.name,
    provider: profile.provider,
    ...(profile.enableIpv4 === null ? {} : { enable_ipv4: profile.enableIpv4 }),
    ...(profile.enableIpv6 === null ? {} : { enable_ipv6: profile.enableIpv6 }),
    max_retries: profile.maxRetries,
    domains: profile.domains && [...profile.domains],
    ...(profile.accessId === "" ? {} : { access_id: profile.accessId }),
    ...(profile.webhookMethod === 0 ? {} : { webhook_method: profile.webhookMethod }),
    ...(profile.webhookRequestType === 0 ? {} : { webhook_request_type: profile.webhookRequestType }),
  };
}

/** What of a profile is compared with a form, so that stored texts may be longer than new ones. */
function storedForm(profile: DdnsProfile) {
  return {
    ...shown(profile),
    access_secret: profile.accessSecret,
    webhook_url: profile.webhookUrl,
    webhook_request_body: profile.webhookRequestBody,
    webhook_headers: profile.webhookHeaders,
  };
}

function shownRecord(record: DdnsRecord): DdnsRecordJson {
  return {
    domain: record.domain,
    family: record.family,
    server_id: record.serverId,
    state: record.state,
    address: record.address,
    published: record.published,
    attempts: record.attempts,
    ...(record.publishedAt === 0 ? {} : { published_at: formatInstant(record.publishedAt) }),
    ...(record.triedAt === 0 ? {} : { tried_at: formatInstant(record.triedAt) }),
    ...(record.error === "" ? {} : { error: record.error }),
  };
}

function settingsOf(form: DdnsForm): DdnsSettings {
  return {
    name: form.name,
    provider: form.provider,
    enableIpv4: form.enable_ipv4,
    enableIpv6: form.enable_ipv6,
    maxRetries: form.max_retries,
    domains: form.domains,
    accessId: form.access_id,
    accessSecret: form.access_secret,
    webhookUrl: form.webhook_url,
    webhookMethod: form.webhook_method,
    webhookRequestType: form.webhook_request_type,
    webhookRequestBody: form.webhook_request_body,
    webhookHeaders: form.webhook_headers,
  };
}

export function ddnsRoutes(commands: DdnsCommands): AnyRoute[] {
  return [...profileRoutes(commands), ...recordRoutes(commands)];
}

/** Ours: the reference only writes to its log. */
function recordRoutes(commands: DdnsCommands): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/ddns/:id/record",
      access: scope("nezha:ddns:read"),
      summary: "Records of a profile, and what became of the last update of each",
      tag,
      params: idParams,
      data: z.array(DdnsRecordJson),
      run: async ({ caller, params }) => (await commands.records(caller, params.id)).map(shownRecord),
    }),
    route({
      method: "POST",
      path: "/ddns/:id/test",
      access: scope("nezha:ddns:write"),
      summary: "Send all records of a profile again; what comes of it is in its records",
      tag,
      params: idParams,
      data: DdnsTest,
      run: async ({ caller, params }) => ({ records: await commands.test(caller, params.id) }),
    }),
  ];
}

function profileRoutes(commands: DdnsCommands): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/ddns",
      secret: true,
      access: scope("nezha:ddns:read"),
      summary: "DDNS profiles",
      tag,
      query: listQuery,
      data: z.array(DdnsProfileJson),
      run: ({ caller, query }) => selectByIds(commands.list(caller), query.id, (profile) => profile.id).map(shown),
    }),
    route({
      method: "GET",
      path: "/ddns/providers",
      access: scope("nezha:ddns:read"),
      summary: "Names of the providers",
      tag,
      data: DdnsProviders,
      run: () => [...DDNS_PROVIDERS],
    }),
    route({
      method: "POST",
      path: "/ddns",
      access: scope("nezha:ddns:write"),
      summary: "Create a DDNS profile",
      tag,
      body: DdnsForm,
      data: CreatedId,
      run: ({ caller, body }) => commands.create(caller, requireUser(caller), settingsOf(body)),
    }),
    route({
      method: "PATCH",
      path: "/ddns/:id",
      access: scope("nezha:ddns:write"),
      summary: "Replace a DDNS profile; secrets left empty stay",
      tag,
      params: idParams,
      body: DdnsForm,
      data: Nothing,
      stored: ({ caller, params }) => {
        const profile = commands.list(caller).find(({ id }) => id === params.id);
        return profile && storedForm(profile);
      },
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, settingsOf(body));
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/ddns",
      access: scope("nezha:ddns:delete"),
      summary: "Delete DDNS profiles; servers forget them",
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
