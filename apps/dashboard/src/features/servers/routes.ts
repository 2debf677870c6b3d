import {
  CreatedId,
  IdList,
  Nothing,
  Server,
  ServerBatch,
  ServerBatchResult,
  ServerGroup,
  ServerGroupForm,
  ServerPatch,
} from "@windfire/api";
import { z } from "zod";
import { canManageServer, seesServerInFull } from "#access/policy";
import { publicScope, requireUser, scope } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { ServerCommands } from "./commands.ts";
import type { ServerDirectory } from "./directory.ts";
import type { ServerGroups } from "./groups-commands.ts";
import type { ServerList } from "./server-list.ts";
import type { ServerSettings } from "./store.ts";

const tag = "server";
const groupTag = "server group";
export interface ServerRouteDeps {
  readonly servers: ServerDirectory;
  readonly commands: ServerCommands;
  readonly groups: ServerGroups;
  readonly list: Pick<ServerList, "of">;
}

/** Servers and their groups (spec 11 sections 1 and 2); orders to agents are the fleet's. */
export function serverRoutes(deps: ServerRouteDeps): AnyRoute[] {
  return [...serverRows(deps), ...groupRows(deps.groups)];
}

function serverRows({ servers, commands, list }: ServerRouteDeps): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/server",
      access: scope("nezha:inventory:read"),
      summary: "Servers the caller may manage, or reads as a viewer, in display order",
      tag,
      query: listQuery,
      data: z.array(Server),
      long: true,
      run: ({ caller, query, waitedMs }) => {
        const visible = servers.list().filter((server) => seesServerInFull(caller, server.settings));
        return list.of(
          selectByIds(visible, query.id, ({ id }) => id),
          waitedMs,
        );
      },
    }),
    route({
      method: "PATCH",
      path: "/server/:id",
      access: scope("nezha:server:write"),
      summary: "Replace the settings of a server",
      tag,
      params: idParams,
      body: ServerPatch,
      data: Nothing,
      stored: ({ caller, params }) => {
        const settings = servers.get(params.id)?.settings;
        return settings && canManageServer(caller, settings) ? formOf(settings) : undefined;
      },
      run: async ({ caller, params, body }) => {
        await commands.update(caller, params.id, {
          name: body.name,
          note: body.note,
          publicNote: body.public_note,
          displayIndex: body.display_index,
          hideForGuest: body.hide_for_guest,
          enableDdns: body.enable_ddns,
          ddnsProfiles: body.ddns_profiles,
          overrideDdnsDomains: body.override_ddns_domains,
          reachedThrough: body.reached_through,
          tags: body.tags,
        });
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-update/server",
      access: scope("nezha:server:write"),
      summary: "Hide servers from guests or show them, give them tags or take them",
      tag,
      body: ServerBatch,
      data: ServerBatchResult,
      run: async ({ caller, body: { ids, hide_for_guest, add_tags, remove_tags } }) => ({
        changed: await commands.updateMany(caller, ids, {
          hideForGuest: hide_for_guest,
          addTags: add_tags ?? [],
          removeTags: remove_tags ?? [],
        }),
      }),
    }),
    route({
      method: "POST",
      path: "/batch-delete/server",
      access: scope("nezha:inventory:delete"),
      summary: "Delete servers",
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

/** A server as its form spells it. */
function formOf(settings: ServerSettings) {
  return {
    name: settings.name,
    note: settings.note,
    public_note: settings.publicNote,
    display_index: settings.displayIndex,
    ddns_profiles: [...settings.ddnsProfiles],
    override_ddns_domains: { ...settings.overrideDdnsDomains },
  };
}

/** A group as `GET /server-group` gives it. */
export function groupView({
  id,
  createdAt,
  updatedAt,
  name,
  memberIds,
}: ReturnType<ServerGroups["list"]>[number]): z.input<typeof ServerGroup> {
  return { group: { id, created_at: createdAt, updated_at: updatedAt, name }, servers: [...memberIds] };
}

function groupRows(groups: ServerGroups): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/server-group",
      access: publicScope("nezha:inventory:read"),
      summary: "Server groups with their members",
      tag: groupTag,
      data: z.array(ServerGroup),
      run: async ({ caller }) => groups.list(caller).map(groupView),
    }),
    route({
      method: "POST",
      path: "/server-group",
      access: scope("nezha:server:write"),
      summary: "Create a server group",
      tag: groupTag,
      body: ServerGroupForm,
      data: CreatedId,
      run: ({ caller, body }) => groups.create(caller, requireUser(caller), { name: body.name, servers: body.servers ?? [] }),
    }),
    route({
      method: "PATCH",
      path: "/server-group/:id",
      access: scope("nezha:server:write"),
      summary: "Replace the name and the members of a server group",
      tag: groupTag,
      params: idParams,
      body: ServerGroupForm,
      data: Nothing,
      stored: ({ caller, params }) => {
        const group = groups.list(caller).find(({ id }) => id === params.id);
        return group && { name: group.name, servers: [...group.memberIds] };
      },
      run: async ({ caller, params, body }) => {
        await groups.update(caller, requireUser(caller), params.id, { name: body.name, servers: body.servers ?? [] });
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/server-group",
      access: scope("nezha:inventory:delete"),
      summary: "Delete server groups; their servers stay",
      tag: groupTag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await groups.delete(caller, body);
        return null;
      },
    }),
  ];
}
