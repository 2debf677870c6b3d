import { createHash } from "node:crypto";
import { z } from "zod";
import { choice, secret } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { heading, postJson, textOrTitle } from "./requests.ts";

const HOSTS = { us: "events.pagerduty.com", eu: "events.eu.pagerduty.com" } as const;

/** Events API v2: an incident is opened once and ends with its recovery. https://developer.pagerduty.com/docs/events-api-v2-overview */
export const pagerduty = channelKind({
  kind: "pagerduty",
  name: "PagerDuty",
  settings: z.object({
    routing_key: secret({ title: "Integration key", description: "Of an integration with Events API v2" }),
    region: choice({ title: "Region" }, ["us", "eu"], "us"),
  }),
  limit: { title: 1000, text: 15_000 },
  joins: false,
  plain: false,
  via: {
    request: ({ routing_key, region }, message) =>
      postJson(`https://${HOSTS[region]}/v2/enqueue`, {
        routing_key,
        event_action: message.kind === "recovery" ? "resolve" : "trigger",
        dedup_key: createHash("sha256")
          .update(message.event === "" ? message.id : message.event)
          .digest("hex"),
        client: "Windfire",
        client_url: message.link === "" ? undefined : message.link,
        payload: {
          summary: heading(message),
          source: "Windfire",
          severity: message.severity,
          custom_details: { text: textOrTitle(message) },
        },
      }),
    answer: { reason: ["errors.0", "message"] },
  },
});
