import { CreatedId, IdList, NatForm, NatProfile as NatProfileView, Nothing } from "@windfire/api";
import { z } from "zod";
import { requireUser, scope } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { Database } from "#platform/database";
import { createNatProfiles } from "./commands.ts";
import type { NatDeps, NatProfiles } from "./commands.ts";
import type { NatProfile, NatSettings } from "./model.ts";
import { createNatStore } from "./store.ts";
import { createTunnel } from "./tunnel.ts";
import type { TunnelDeps } from "./tunnel.ts";

export interface NatRoomDeps extends Omit<NatDeps, "store">, Omit<TunnelDeps, "profile"> {
  readonly database: Database;
}

export interface Nat {
  readonly routes: readonly AnyRoute[];
  /** Takes requests for tunnelled host names off the listener. */
  readonly tunnel: ReturnType<typeof createTunnel>;
  /** What goes with servers and users that are deleted. */
  readonly cascades: NatProfiles["cascades"];
}

/** Loads all tunnels and puts the room together. */
export async function createNat(deps: NatRoomDeps): Promise<Nat> {
  const store = createNatStore(deps.database);
  const profiles = createNatProfiles({ ...deps, store }, await store.all());
  return {
    routes: routes(profiles),
    tunnel: createTunnel({ ...deps, profile: profiles.byDomain }),
    cascades: profiles.cascades,
  };
}

function shown(profile: NatProfile): NatProfileView {
  const { id, enabled, name, host, domain } = profile;
  return { id, created_at: profile.createdAt, updated_at: profile.updatedAt, enabled, name, server_id: profile.serverId, host, domain };
}

function settingsOf(form: NatForm): NatSettings {
  return { enabled: form.enabled, name: form.name, serverId: form.server_id, host: form.host, domain: form.domain };
}

function routes(profiles: NatProfiles): AnyRoute[] {
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
      run: ({ caller, query }) => selectByIds(profiles.list(caller), query.id, (profile) => profile.id).map(shown),
    }),
    route({
      method: "POST",
      path: "/nat",
      access: scope("nezha:nat:write"),
      summary: "Create a tunnel; it works at once",
      tag,
      body: NatForm,
      data: CreatedId,
      run: ({ caller, body }) => profiles.create(caller, requireUser(caller), settingsOf(body)),
    }),
    route({
      method: "PATCH",
      path: "/nat/:id",
      access: scope("nezha:nat:write"),
      summary: "Replace a tunnel",
      tag,
      params: idParams,
      body: NatForm,
      data: Nothing,
      run: async ({ caller, params, body }) => {
        await profiles.update(caller, params.id, settingsOf(body));
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
