import { ChannelForm, ChannelTestForm, CreatedId, NotificationChannel, Nothing } from "@windfire/api";
import { z } from "zod";
import { requireUser, scope } from "#kernel";
import { idParams, listQuery, route, selectByIds } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { kindNamed } from "../channels/registry.ts";
import type { Channels } from "../commands.ts";
import { kindOf } from "../model.ts";
import type { Channel } from "../model.ts";
import type { TypedChannels, TypedForm } from "./commands.ts";
import { optionsOf } from "./options.ts";
import type { StoredOptions } from "./options.ts";

export interface TypedRouteDeps {
  readonly channels: Pick<Channels, "list">;
  readonly typed: TypedChannels;
}

const tag = "notification channel";

function formOf(form: Omit<ChannelForm, "skip_check">): TypedForm {
  const { name, kind, settings, options, format_metric_units: humanUnits } = form;
  return { name, kind, settings, options: options && storedOptions(options), humanUnits };
}

function storedOptions(form: NonNullable<ChannelForm["options"]>): StoredOptions {
  const { least_severity: leastSeverity, group_seconds: groupSeconds, per_minute: perMinute, title, body } = form;
  const all = { leastSeverity, groupSeconds, perMinute, title, body };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A channel as it is shown: its secrets by name alone. */
function shown(channel: Channel, secrets: readonly string[]): NotificationChannel {
  const kind = kindOf(channel);
  const { leastSeverity, groupSeconds, perMinute, title, body } = optionsOf(channel.options, kindNamed(kind));
  return {
    id: channel.id,
    name: channel.name,
    kind,
    ...(channel.typed?.editedElsewhere === true ? { edited_elsewhere: channel.typed.kind } : {}),
    settings: channel.typed?.settings ?? {},
    secrets: [...secrets],
    options: { least_severity: leastSeverity, group_seconds: groupSeconds, per_minute: perMinute, title, body },
    format_metric_units: channel.formatMetricUnits ?? false,
    created_at: channel.createdAt,
    updated_at: channel.updatedAt,
  };
}

/** Channels by their kind: making, changing and trying them. */
export function typedRoutes({ channels, typed }: TypedRouteDeps): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/notification-channel",
      access: scope("nezha:notification:read"),
      summary: "Channels by their kind, without their secrets",
      tag,
      query: listQuery,
      data: z.array(NotificationChannel),
      run: ({ caller, query }) =>
        selectByIds(channels.list(caller), query.id, ({ id }) => id).map((channel) => shown(channel, typed.secretsOf(channel))),
    }),
    route({
      method: "POST",
      path: "/notification-channel",
      access: scope("nezha:notification:write"),
      summary: "Create a channel of a kind, after a test message went through",
      tag,
      body: ChannelForm,
      data: CreatedId,
      run: ({ caller, body }) => typed.create(caller, requireUser(caller), formOf(body), body.skip_check),
    }),
    route({
      method: "PATCH",
      path: "/notification-channel/:id",
      access: scope("nezha:notification:write"),
      summary: "Change a channel; what is left out stays, as do secrets left empty",
      tag,
      params: idParams,
      body: ChannelForm,
      data: Nothing,
      stored: ({ caller, params }) => {
        const channel = channels.list(caller).find(({ id }) => id === params.id);
        return channel && { name: channel.name };
      },
      run: async ({ caller, params, body }) => {
        await typed.update(caller, params.id, formOf(body), body.skip_check);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/notification-channel/test",
      access: scope("nezha:notification:write"),
      summary: "Send a test message through a form, or through a channel; nothing is saved",
      tag,
      body: ChannelTestForm,
      data: Nothing,
      run: async ({ caller, body: { id, ...form } }) => {
        await typed.test(caller, requireUser(caller), id, formOf(form));
        return null;
      },
    }),
  ];
}
