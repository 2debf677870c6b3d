import { z } from "zod";
import { line, secret, server, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { bearer, heading, postJson, textOrTitle } from "./requests.ts";

/** REST API, call a service: https://developers.home-assistant.io/docs/api/rest/ */
export const homeassistant = channelKind({
  kind: "homeassistant",
  name: "Home Assistant",
  settings: z.object({
    server: server({ title: "Address", examples: ["http://homeassistant.local:8123"] }),
    token: secret({ title: "Long-lived access token" }),
    service: line({
      title: "Action",
      examples: ["notify.mobile_app_phone", "persistent_notification.create"],
      pattern: [/^[a-z0-9_]+\.[a-z0-9_]+$/, "must be written like notify.mobile_app_phone"],
    }),
    verify_tls: verifyTls,
  }),
  limit: { title: 250, text: 4000 },
  joins: true,
  plain: true,
  via: {
    request: ({ server: base, token, service, verify_tls }, message) => ({
      ...postJson(
        `${base}/api/services/${service.replace(".", "/")}`,
        { title: heading(message), message: textOrTitle(message) },
        bearer(token),
      ),
      verifyTls: verify_tls,
    }),
    answer: { reason: ["message"] },
  },
});
