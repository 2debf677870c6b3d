import { z } from "zod";
import { optionalLine, secretUrl, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { postJson, wholeText, withoutMentions } from "./requests.ts";

/** Incoming webhooks: https://developers.mattermost.com/integrate/webhooks/incoming/ */
export const mattermost = channelKind({
  kind: "mattermost",
  name: "Mattermost",
  settings: z.object({
    url: secretUrl({ title: "Webhook URL" }),
    channel: optionalLine({ title: "Channel", description: "Empty: that of the webhook" }),
    username: optionalLine({ title: "Shown as" }),
    verify_tls: verifyTls,
  }),
  limit: { text: 16_000 },
  joins: true,
  plain: true,
  via: {
    request: ({ url, channel, username, verify_tls }, message) => ({
      ...postJson(url, {
        text: withoutMentions(wholeText(message)),
        channel: channel === "" ? undefined : channel,
        username: username === "" ? undefined : username,
      }),
      verifyTls: verify_tls,
    }),
    answer: { reason: ["message"] },
  },
});
