import { CreatedId, HostList, IdList, NatForm, NatProfile as NatProfileView, Nothing } from "@windfire/api";
import type { SeenHost as SeenHostView } from "@windfire/api";
import { z } from "zod";
import { adminOnly, formatInstant, refuseText, requireUser, scope, stepUp } from "#kernel";
import { actorOf } from "#platform/audit";
import { hostOf, idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { NatCommands } from "./commands.ts";
import type { NatForm as Form, NatProfile } from "./model.ts";
import type { Protection } from "./protection.ts";
import { canonicalHost } from "./seen-hosts.ts";
import type { SeenHosts } from "./seen-hosts.ts";
import type { SeenHost } from "./seen-hosts-store.ts";

function shown(profile: NatProfile, blocked: string | undefined): NatProfileView {
  const { id, enabled, name, host, domain } = profile;
  const fields = { id, created_at: profile.createdAt, updated_at: profile.updatedAt, enabled, name, server_id: profile.serverId };
  return { ...fields, host, domain, ...(blocked === undefined ? {} : { blocked }) };
}

/** A seen host as administrators get it. */
export function shownHost({ host, firstAt, sessionAt, agentAt }: SeenHost): SeenHostView {
  return {
    host,
    first_at: formatInstant(firstAt),
    ...(sessionAt === undefined ? {} : { session_at: formatInstant(sessionAt) }),
    ...(agentAt === undefined ? {} : { agent_at: formatInstant(agentAt) }),
  };
}

function formOf(form: NatForm): Form {
  const { enabled, name, host, domain } = form;
  return { enabled, name, serverId: form.server_id, host, domain, confirmDomain: form.confirm_domain };
}

export function natRoutes(profiles: NatCommands, protection: Protection): AnyRoute[] {
  const tag = "nat";
  return [
    route({
      method: "GET",
      path: "/nat",
      access: scope("nezha:nat:read"),
      summary: "Tunnels the caller may manage",
      tag,
      query: listQuery,
      data: z.array(NatProfileView),
      run: ({ caller, query }) =>
        selectByIds(profiles.list(caller), query.id, (profile) => profile.id).map((profile) => shown(profile, protection.blocked(profile))),
    }),
    route({
      method: "POST",
      path: "/nat",
      access: stepUp(scope("nezha:nat:write")),
      summary: "Create a tunnel; it works at once",
      tag,
      body: NatForm,
      data: CreatedId,
      run: ({ caller, body }) => profiles.create(caller, requireUser(caller), formOf(body)),
    }),
    route({
      method: "PATCH",
      path: "/nat/:id",
      access: stepUp(scope("nezha:nat:write")),
      summary: "Replace a tunnel",
      tag,
      params: idParams,
      body: NatForm,
      data: Nothing,
      stored: ({ caller, params }) => {
        const profile = profiles.list(caller).find(({ id }) => id === params.id);
        return profile && shown(profile, undefined);
      },
      run: async ({ caller, params, body }) => {
        await profiles.update(caller, params.id, formOf(body));
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/nat",
      access: scope("nezha:nat:delete"),
      summary: "Delete tunnels",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await profiles.delete(caller, body);
        return null;
      },
    }),
  ];
}

export function seenHostRoute(seenHosts: SeenHosts): AnyRoute {
  return route({
    method: "POST",
    path: "/batch-delete/seen-host",
    access: adminOnly(),
    summary: "Forget host names under which the dashboard was reached; each is protected again when it is used again",
    tag: "nat",
    body: HostList,
    data: Nothing,
    run: async ({ body, caller, visit }) => {
      const own = canonicalHost(hostOf(visit));
      if (own !== "" && body.some((name) => canonicalHost(name) === own)) throw refuseText("host is in use");
      await seenHosts.remove(body, actorOf(caller));
      return null;
    },
  });
}
