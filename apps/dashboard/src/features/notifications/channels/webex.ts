import { z } from "zod";
import { line, secret } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { bearer, postJson, wholeText } from "./requests.ts";

/** Create a message: https://developer.webex.com/docs/api/v1/messages/create-a-message */
export const webex = channelKind({
  kind: "webex",
  name: "Webex",
  settings: z.object({
    token: secret({ title: "Access token of the bot" }),
    to: line({ title: "To", description: "Id of a room, or the e-mail address of a person" }),
  }),
  limit: { text: 7400, unit: "bytes" },
  joins: true,
  plain: true,
  via: {
    request: ({ token, to }, message) =>
      postJson(
        "https://webexapis.com/v1/messages",
        { [to.includes("@") ? "toPersonEmail" : "roomId"]: to, text: wholeText(message) },
        bearer(token),
      ),
    answer: { reason: ["errors.0.description", "message"] },
  },
});
