import { z } from "zod";
import { optionalLine, secretUrl } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { postJson, secondsAt, wholeText } from "./requests.ts";

/** A link in a message gets no preview. */
const SUPPRESS_EMBEDS = 4;

/** Execute Webhook: https://discord.com/developers/docs/resources/webhook#execute-webhook */
export const discord = channelKind({
  kind: "discord",
  name: "Discord",
  settings: z.object({
    url: secretUrl({ title: "Webhook URL", description: "Settings of the channel, Integrations, Webhooks" }),
    username: optionalLine({ title: "Shown as" }),
  }),
  limit: { text: 2000 },
  joins: true,
  plain: true,
  via: {
    request({ url, username }, message) {
      const target = new URL(url);
      target.searchParams.set("wait", "true");
      return postJson(target.href, {
        content: wholeText(message),
        username: username === "" ? undefined : username,
        allowed_mentions: { parse: [] },
        flags: SUPPRESS_EMBEDS,
      });
    },
    answer: { reason: ["message"], waitMs: secondsAt("retry_after") },
  },
});
