import { CreatedId, IdList, Nothing, Notification, NotificationForm, NotificationGroup, NotificationGroupForm } from "@windfire/api";
import { z } from "zod";
import { requireUser, scope } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { fixedLimits } from "#platform/limits";
import type { Channels } from "./commands.ts";
import type { ChannelGroups } from "./groups-commands.ts";
import type { Channel, ChannelSettings } from "./model.ts";

/** A channel as it is shown: everything that may hold a credential is blank (GHSA-ww5p-j6cj-6mqq). */
function shown(channel: Channel): Notification {
  return {
    id: channel.id,
    created_at: channel.createdAt,
    updated_at: channel.updatedAt,
    name: channel.name,
    url: "",
    request_method: channel.requestMethod,
    request_type: channel.requestType,
    request_header: "",
    request_body: "",
    ...(channel.verifyTls === null ? {} : { verify_tls: channel.verifyTls }),
    ...(channel.formatMetricUnits === null ? {} : { format_metric_units: channel.formatMetricUnits }),
  };
}

function settingsOf(form: NotificationForm): ChannelSettings {
  return {
    name: form.name,
    url: form.url,
    requestMethod: form.request_method,
    requestType: form.request_type,
    requestHeader: form.request_header,
    requestBody: form.request_body,
    verifyTls: form.verify_tls,
    formatMetricUnits: form.format_metric_units,
  };
}

export function channelRoutes(channels: Channels): AnyRoute[] {
  const tag = "notification";
  return [
    route({
      method: "GET",
      path: "/notification",
      secret: true,
      access: scope("nezha:notification:read"),
      summary: "Notification channels",
      tag,
      query: listQuery,
      data: z.array(Notification),
      run: ({ caller, query }) => selectByIds(channels.list(caller), query.id, (channel) => channel.id).map(shown),
    }),
    route({
      method: "POST",
      path: "/notification",
      access: scope("nezha:notification:write"),
      summary: "Create a channel, after a test message went through",
      tag,
      body: NotificationForm,
      data: CreatedId,
      run: ({ caller, body }) => channels.create(caller, requireUser(caller), settingsOf(body), body.skip_check),
    }),
    route({
      method: "PATCH",
      path: "/notification/:id",
      access: scope("nezha:notification:write"),
      summary: "Replace a channel; secrets left empty stay",
      tag,
      params: idParams,
      body: NotificationForm,
      data: Nothing,
      stored: ({ caller, params }) => {
        const channel = channels.list(caller).find(({ id }) => id === params.id);
        return (
          channel && { name: channel.name, url: channel.url, request_header: channel.requestHeader, request_body: channel.requestBody }
        );
      },
      run: async ({ caller, params, body }) => {
        await channels.update(caller, params.id, settingsOf(body), body.skip_check);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/notification",
      access: scope("nezha:notification:delete"),
      bodyLimit: fixedLimits.http.channelIdsBodyBytes,
      summary: "Delete channels; their groups stay",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await channels.delete(caller, body);
        return null;
      },
    }),
  ];
}

export function channelGroupRoutes(groups: ChannelGroups): AnyRoute[] {
  const tag = "notification group";
  return [
    route({
      method: "GET",
      path: "/notification-group",
      access: scope("nezha:notification-group:read"),
      summary: "Groups of channels",
      tag,
      data: z.array(NotificationGroup),
      run: async ({ caller }) =>
        groups.list(caller).map(({ id, createdAt, updatedAt, name, memberIds }) => ({
          group: { id, created_at: createdAt, updated_at: updatedAt, name },
          notifications: [...memberIds],
        })),
    }),
    route({
      method: "POST",
      path: "/notification-group",
      access: scope("nezha:notification-group:write"),
      summary: "Create a group of channels",
      tag,
      body: NotificationGroupForm,
      data: CreatedId,
      run: ({ caller, body }) => groups.create(caller, requireUser(caller), { name: body.name, notifications: body.notifications ?? [] }),
    }),
    route({
      method: "PATCH",
      path: "/notification-group/:id",
      access: scope("nezha:notification-group:write"),
      summary: "Replace the name and the members of a group",
      tag,
      params: idParams,
      body: NotificationGroupForm,
      data: Nothing,
      stored: ({ caller, params }) => {
        const group = groups.list(caller).find(({ id }) => id === params.id);
        return group && { name: group.name, notifications: [...group.memberIds] };
      },
      run: async ({ caller, params, body }) => {
        await groups.update(caller, requireUser(caller), params.id, { name: body.name, notifications: body.notifications ?? [] });
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/notification-group",
      access: scope("nezha:notification-group:delete"),
      summary: "Delete groups; their channels stay",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await groups.delete(caller, body);
        return null;
      },
    }),
  ];
}
