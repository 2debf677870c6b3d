import { ChannelPreview, ChannelPreviewForm, NotificationKind } from "@windfire/api";
import { z } from "zod";
import { scope } from "#kernel";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { CHANNEL_KINDS } from "../channels/registry.ts";
import { applicationServerKey } from "../channels/push-encryption.ts";
import type { Derive } from "../channels/push-encryption.ts";
import { preview } from "./preview.ts";
import { schemaOf, secretFields } from "./settings.ts";
import { usualBody } from "./texts.ts";
import type { TextDeps } from "./texts.ts";

export interface KindRouteDeps {
  readonly texts: TextDeps;
  readonly derive: Derive;
  readonly now: () => number;
}

const tag = "notification channel";

/** Which kinds of channels there are, and what they would say. */
export function kindRoutes({ texts, derive, now }: KindRouteDeps): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/notification-kind",
      access: scope("nezha:notification:read"),
      summary: "Kinds of channels with the schemas of their settings",
      tag,
      data: z.array(NotificationKind),
      run: () => {
        const usual = { usual_title: "#SUMMARY#", usual_body: usualBody(texts.translate) };
        const push = { application_server_key: applicationServerKey(derive) };
        // The schemas are made when somebody asks: they would take 5 ms of every start.
        return CHANNEL_KINDS.map((kind) => ({
          kind: kind.kind,
          name: kind.name,
          schema: schemaOf(kind),
          secrets: secretFields(kind),
          joins: kind.joins,
          ...usual,
          ...(kind.kind === "webpush" ? push : {}),
        }));
      },
    }),
    route({
      method: "POST",
      path: "/notification-channel/preview",
      access: scope("nezha:notification:read"),
      summary: "What a message would say, with invented values",
      tag,
      body: ChannelPreviewForm,
      data: ChannelPreview,
      run: ({ body }) => preview(body, texts, now()),
    }),
  ];
}
