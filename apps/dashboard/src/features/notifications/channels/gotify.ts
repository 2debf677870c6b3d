import { z } from "zod";
import { secret, server, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { heading, postJson, textOrTitle } from "./requests.ts";

const PRIORITY = { info: 2, warning: 5, critical: 8 } as const;

/** `POST /message`: https://gotify.net/api-docs */
export const gotify = channelKind({
  kind: "gotify",
  name: "Gotify",
  settings: z.object({
    server: server({ title: "Server" }),
    token: secret({ title: "Token of the application" }),
    verify_tls: verifyTls,
  }),
  limit: { title: 250, text: 32_000 },
  joins: true,
  plain: true,
  via: {
    request: ({ server: base, token, verify_tls }, message) => ({
      ...postJson(
        `${base}/message`,
        {
          title: heading(message),
          message: textOrTitle(message),
          priority: PRIORITY[message.severity],
          extras: message.link === "" ? undefined : { "client::notification": { click: { url: message.link } } },
        },
        { "x-gotify-key": token },
      ),
      verifyTls: verify_tls,
    }),
    answer: { reason: ["errorDescription", "error"] },
  },
});
