import { z } from "zod";
import { secretUrl } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { postJson, wholeText } from "./requests.ts";

/** Webhooks of a space: https://developers.google.com/workspace/chat/quickstart/webhooks. `<users/all>` would call everybody. */
export const googlechat = channelKind({
  kind: "googlechat",
  name: "Google Chat",
  settings: z.object({ url: secretUrl({ title: "Webhook URL", examples: ["https://chat.googleapis.com/v1/spaces/…"] }) }),
  limit: { text: 4000 },
  joins: true,
  plain: true,
  via: {
    request: ({ url }, message) => postJson(url, { text: wholeText(message).replaceAll("<users/", "<\u200Busers/") }),
    answer: { reason: ["error.message"] },
  },
});
