import { createHash } from "node:crypto";
import { z } from "zod";
import { choice, secret } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { heading, postJson, textOrTitle } from "./requests.ts";

const HOSTS = { us: "api.opsgenie.com", eu: "api.eu.opsgenie.com" } as const;
const PRIORITY = { info: "P5", warning: "P3", critical: "P1" } as const;

/** Alert API: an alert is opened once and closed by its recovery. https://docs.opsgenie.com/docs/alert-api */
export const opsgenie = channelKind({
  kind: "opsgenie",
  name: "Opsgenie",
  settings: z.object({
    key: secret({ title: "API key", description: "Of an API integration" }),
    region: choice({ title: "Region" }, ["us", "eu"], "us"),
  }),
  limit: { title: 130, text: 15_000 },
  joins: false,
  plain: false,
  via: {
    request({ key, region }, message) {
      const alerts = `https://${HOSTS[region]}/v2/alerts`;
      const headers = { authorization: `GenieKey ${key}` };
      const alias = createHash("sha256")
        .update(message.event === "" ? message.id : message.event)
        .digest("hex");
      const said = textOrTitle(message);
      if (message.kind === "recovery")
        return postJson(`${alerts}/${alias}/close?identifierType=alias`, { source: "Windfire", note: said }, headers);
      return postJson(
        alerts,
        { message: heading(message), alias, description: said, source: "Windfire", priority: PRIORITY[message.severity] },
        headers,
      );
    },
    answer: { reason: ["message"] },
  },
});
