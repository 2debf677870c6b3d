import { z } from "zod";
import { line, listOf, optionalSecret, server, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { bearer, postJson, wholeText } from "./requests.ts";

/** The bridge signal-cli-rest-api: https://bbernhard.github.io/signal-cli-rest-api/ */
export const signal = channelKind({
  kind: "signal",
  name: "Signal",
  settings: z.object({
    server: server({ title: "Bridge", description: "Address of signal-cli-rest-api", examples: ["http://127.0.0.1:8080"] }),
    number: line({ title: "From", description: "Number that is registered at the bridge", examples: ["+491701234567"] }),
    recipients: line({ title: "To", description: "Numbers, user names or ids of groups, with commas between" }),
    token: optionalSecret({ title: "Bearer token", description: "Where the bridge stands behind something that wants one" }),
    verify_tls: verifyTls,
  }),
  limit: { text: 6000 },
  joins: true,
  plain: true,
  via: {
    request: ({ server: base, number, recipients, token, verify_tls }, message) => ({
      ...postJson(
        `${base}/v2/send`,
        { message: wholeText(message), number, recipients: listOf(recipients) },
        token === "" ? {} : bearer(token),
      ),
      verifyTls: verify_tls,
    }),
    answer: { reason: ["error"] },
  },
});
