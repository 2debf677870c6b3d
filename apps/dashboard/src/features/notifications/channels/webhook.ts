import { z } from "zod";
import { fill, fillUrl, jsonEscape } from "../delivery/placeholders.ts";
import type { Values } from "../delivery/placeholders.ts";
import { choice, secretUrl, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import type { ChannelMessage } from "./kind.ts";
import { wholeText } from "./requests.ts";

const CONTENT_TYPES = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  text: "text/plain; charset=utf-8",
} as const;
const LONGEST = 64 * 1024;

const headerLines = z
  .string()
  .max(LONGEST)
  .refine((lines) => lines.split("\n").every((line) => line.trim() === "" || /^[!#$%&'*+.^_`|~\w-]+:.*$/.test(line.trim())), {
    error: "must be lines of the form Name: value",
  });

function headersOf(lines: string): Record<string, string> {
  const pairs = lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    });
  return Object.fromEntries(pairs);
}

function valuesOf(message: ChannelMessage): Values {
  const { title, text, severity, kind, link, event, id } = message;
  return new Map(
    Object.entries({
      NEZHA: wholeText(message),
      TITLE: title,
      TEXT: text,
      SEVERITY: severity,
      KIND: kind,
      LINK: link,
      EVENT: event,
      ID: id,
    }),
  );
}

const ESCAPES = { json: jsonEscape, form: encodeURIComponent, text: (value: string) => value } as const;

/** A request of one's own, made of templates with `#TITLE#`, `#TEXT#`, `#SEVERITY#`, `#KIND#`, `#LINK#`, `#EVENT#`, `#ID#`, `#NEZHA#`. */
export const webhook = channelKind({
  kind: "webhook",
  name: "Webhook",
  settings: z.object({
    url: secretUrl({ title: "URL", description: "May hold placeholders" }),
    method: choice({ title: "Method" }, ["POST", "PUT", "PATCH", "GET"], "POST"),
    type: choice({ title: "Body" }, ["json", "form", "text"], "json"),
    headers: headerLines
      .default("")
      .meta({ title: "Headers", description: "One a line: Name: value", format: "password", writeOnly: true }),
    body: z
      .string()
      .max(LONGEST)
      .default('{"title":"#TITLE#","text":"#TEXT#","severity":"#SEVERITY#","kind":"#KIND#","link":"#LINK#"}')
      .meta({ title: "Template of the body", description: "Values are escaped as the kind of body needs it" }),
    verify_tls: verifyTls,
  }),
  limit: { text: 60_000 },
  joins: true,
  // Placeholders of its own would stay as they are.
  plain: false,
  via: {
    request({ url, method, type, headers, body, verify_tls }, message) {
      const values = valuesOf(message);
      const target = fillUrl(url, values);
      if (method === "GET") return { method, url: target, headers: headersOf(headers), verifyTls: verify_tls };
      return {
        method,
        url: target,
        headers: { "content-type": CONTENT_TYPES[type], ...headersOf(headers) },
        body: fill(body, values, ESCAPES[type]),
        verifyTls: verify_tls,
      };
    },
    answer: { reason: ["error.message", "error", "message"] },
  },
});
