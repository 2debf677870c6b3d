import { createHash } from "node:crypto";
import { z } from "zod";
import { line as shownLine, secret } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { bearer, postJson, wholeText } from "./requests.ts";

const HAS_IT_ALREADY = 409;

/** The key by which LINE knows a repeated request, written as a UUID. */
function retryKey(id: string): string {
  const hex = createHash("sha256").update(id).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/** Messaging API, push message: https://developers.line.biz/en/reference/messaging-api/#send-push-message */
export const line = channelKind({
  kind: "line",
  name: "LINE",
  settings: z.object({
    token: secret({ title: "Channel access token" }),
    to: shownLine({ title: "To", description: "Id of a user, group or room" }),
  }),
  limit: { text: 5000 },
  joins: true,
  plain: false,
  via: {
    request: ({ token, to }, message) =>
      postJson(
        "https://api.line.me/v2/bot/message/push",
        { to, messages: [{ type: "text", text: wholeText(message) }] },
        { ...bearer(token), "x-line-retry-key": retryKey(message.id) },
      ),
    answer: { reason: ["details.0.message", "message"], accepted: [HAS_IT_ALREADY] },
  },
});
