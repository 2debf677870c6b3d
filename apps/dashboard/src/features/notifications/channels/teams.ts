import { z } from "zod";
import { secretUrl } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { heading, postJson } from "./requests.ts";

const CARD = "application/vnd.microsoft.card.adaptive";
const SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json";

/** A card, which workflows and incoming webhooks both take: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors */
export const teams = channelKind({
  kind: "teams",
  name: "Microsoft Teams",
  settings: z.object({
    url: secretUrl({ title: "Webhook URL", description: "Of a workflow that posts when a webhook request is received" }),
  }),
  limit: { title: 250, text: 18_000, unit: "bytes" },
  joins: true,
  plain: true,
  via: {
    request({ url }, message) {
      // A line break of the text is none on a card; an empty line is.
      const text = { type: "TextBlock", text: message.text.replaceAll("\n", "\n\n"), wrap: true };
      const content = {
        $schema: SCHEMA,
        type: "AdaptiveCard",
        version: "1.4",
        body: [{ type: "TextBlock", text: heading(message), weight: "Bolder", wrap: true }, ...(message.text === "" ? [] : [text])],
        actions: message.link === "" ? undefined : [{ type: "Action.OpenUrl", title: "Windfire", url: message.link }],
      };
      return postJson(url, { type: "message", attachments: [{ contentType: CARD, contentUrl: null, content }] });
    },
    answer: { reason: ["error.message", "message"], refused: ({ text }) => /delivery failed/i.test(text) },
  },
});
