import { CreatedId, DDNS_PROVIDERS, DdnsForm, DdnsProfile as DdnsProfileJson, DdnsProviders, IdList, Nothing } from "@windfire/api";
import { z } from "zod";
import { requireUser, scope } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { DdnsCommands } from "./commands.ts";
import type { DdnsProfile, DdnsSettings } from "./model.ts";

const tag = "ddns";

/** A profile as clients get it: without its secret and its headers (GHSA-ww5p-j6cj-6mqq). */
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
    ...(profile.webhookUrl === "" ? {} : { webhook_url: profile.webhookUrl }),
    ...(profile.webhookMethod === 0 ? {} : { webhook_method: profile.webhookMethod }),
    ...(profile.webhookRequestType === 0 ? {} : { webhook_request_type: profile.webhookRequestType }),
    ...(profile.webhookRequestBody === "" ? {} : { webhook_request_body: profile.webhookRequestBody }),
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
      run: ({ caller, body }) => commands.create(requireUser(caller), settingsOf(body)),
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
        return profile && { ...shown(profile), access_secret: profile.accessSecret, webhook_headers: profile.webhookHeaders };
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
