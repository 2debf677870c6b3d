import { z } from "zod";
import { optionalLine, secretUrl, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { at, postJson, wholeText, withoutMentions } from "./requests.ts";

/** Incoming webhook integration: https://docs.rocket.chat/docs/integrations */
export const rocketchat = channelKind({
  kind: "rocketchat",
  name: "Rocket.Chat",
  settings: z.object({
    url: secretUrl({ title: "Webhook URL" }),
    channel: optionalLine({ title: "Channel", description: "Empty: that of the integration", examples: ["#alerts"] }),
    alias: optionalLine({ title: "Shown as" }),
    verify_tls: verifyTls,
  }),
  limit: { text: 5000 },
  joins: true,
  plain: true,
  via: {
    request: ({ url, channel, alias, verify_tls }, message) => ({
      ...postJson(url, {
        text: withoutMentions(wholeText(message)),
        channel: channel === "" ? undefined : channel,
        alias: alias === "" ? undefined : alias,
      }),
      verifyTls: verify_tls,
    }),
    answer: { reason: ["error", "message"], refused: ({ json }) => at(json, "success") === false },
  },
});
