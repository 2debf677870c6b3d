import { z } from "zod";
import { secretUrl } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { postJson, wholeText } from "./requests.ts";

/** Incoming webhooks: https://api.slack.com/messaging/webhooks. The three characters that begin links and mentions are escaped. */
export const slack = channelKind({
  kind: "slack",
  name: "Slack",
  settings: z.object({ url: secretUrl({ title: "Webhook URL", examples: ["https://hooks.slack.com/services/…"] }) }),
  limit: { text: 12_000 },
  joins: true,
  plain: true,
  via: {
    request: ({ url }, message) =>
      postJson(url, {
        text: wholeText(message).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
        unfurl_links: false,
      }),
    answer: { reason: ["error"] },
  },
});
