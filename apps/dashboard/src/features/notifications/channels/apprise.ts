import { z } from "zod";
import { optionalLine, optionalSecret, server, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import type { ChannelMessage } from "./kind.ts";
import { heading, postJson, textOrTitle } from "./requests.ts";

const NOBODY = 204;
const TYPES = { info: "info", warning: "warning", critical: "failure" } as const;

function typeOf({ kind, severity }: ChannelMessage): string {
  return kind === "recovery" ? "success" : TYPES[severity];
}

/** Apprise API, with a stored configuration or with the services' URLs: https://github.com/caronc/apprise-api */
export const apprise = channelKind({
  kind: "apprise",
  name: "Apprise",
  settings: z
    .object({
      server: server({ title: "Address of Apprise API", examples: ["http://127.0.0.1:8000"] }),
      key: optionalSecret({ title: "Key of a stored configuration", pattern: [/^[\w-]*$/, "must be letters, digits, _ and -"] }),
      urls: optionalSecret({ title: "URLs of services", description: "With commas between, where there is no key" }),
      tag: optionalLine({ title: "Tag", description: "Of a stored configuration" }),
      verify_tls: verifyTls,
    })
    .refine(({ key, urls }) => key !== "" || urls !== "", { path: ["key"], error: "enter a key or URLs" }),
  limit: { title: 250, text: 30_000 },
  joins: true,
  plain: true,
  via: {
    request: ({ server: base, key, urls, tag, verify_tls }, message) => ({
      ...postJson(key === "" ? `${base}/notify` : `${base}/notify/${key}`, {
        urls: key === "" ? urls : undefined,
        tag: tag === "" ? undefined : tag,
        title: heading(message),
        body: textOrTitle(message),
        type: typeOf(message),
        format: "text",
      }),
      verifyTls: verify_tls,
    }),
    // It has taken the message and has nobody to give it to.
    answer: { reason: ["error", "message"], refused: ({ status }) => status === NOBODY },
  },
});
