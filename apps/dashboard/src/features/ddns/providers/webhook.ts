import { retryAfterHeader } from "#platform/outbound";
import type { OutboundRequest } from "#platform/outbound";
import { ProviderFailure } from "./provider.ts";
import type { Provider, ProviderCall } from "./provider.ts";

const METHODS = { 1: "GET", 2: "POST", 3: "PATCH", 4: "DELETE", 5: "PUT" } as const;
const JSON_TYPE = 1;
const FORM_TYPE = 2;

/** A request that the profile describes (spec 30 section 5.5). Only a status of 200 to 299 is success. */
export const webhook: Provider = {
  async set(call, address) {
    const answer = await call.send(webhookRequest(call, address));
    if (answer.status >= 200 && answer.status <= 299) return;
    throw new ProviderFailure(`${answer.status}@${answer.status} ${answer.reason}`.trim(), {
      afterMs: retryAfterHeader(answer.retryAfter, call.now()),
    });
  },
};

/** Builds the request. @throws {ProviderFailure} for templates that make none; final, since no try heals them */
export function webhookRequest({ profile, record }: Pick<ProviderCall, "profile" | "record">, address: string) {
  const values = valuesOf({ profile, record }, address);
  const method: OutboundRequest["method"] = METHODS[profile.webhookMethod as keyof typeof METHODS] ?? "GET";
  const hasBody = method !== "GET" && method !== "DELETE";
  const type = profile.webhookRequestType;
  if (hasBody && type !== JSON_TYPE && type !== FORM_TYPE) throw new ProviderFailure("request type not supported", { final: true });
  const contentType = type === FORM_TYPE ? "application/x-www-form-urlencoded" : "application/json";
  const headers = readFields("webhook_headers", fill(tidy(profile.webhookHeaders), values));
  return {
    method,
    url: filledUrl(tidy(profile.webhookUrl), values),
    headers: {
      ...(method === "GET" ? {} : { "content-type": contentType }),
      ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    },
    body: !hasBody
      ? ""
      : type === FORM_TYPE
        ? formBody(profile.webhookRequestBody, values)
        : fill(tidy(profile.webhookRequestBody), values),
  };
}

type Values = Readonly<Record<string, string>>;

function valuesOf({ profile, record }: Pick<ProviderCall, "profile" | "record">, address: string): Values {
  return {
    ip: address,
    domain: record.domain,
    type: record.type === "A" ? "ipv4" : "ipv6",
    record: record.type,
    access_id: profile.accessId,
    access_secret: profile.accessSecret,
  };
}

/** Values are put in as they are, and not looked at again. */
function fill(template: string, values: Values): string {
  return template.replace(/#(\w+)#/g, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? "") : whole));
}

function tidy(text: string): string {
  return text.trim().replaceAll("\r", "");
}

/** Placeholders count in values of the query only; the query is written anew, sorted by name. */
function filledUrl(template: string, values: Values): string {
  const safe = template.replaceAll("#", "%23");
  if (!URL.canParse(safe)) throw new ProviderFailure("webhook_url: not a URL", { final: true });
  const url = new URL(safe);
  url.search = queryOf([...url.searchParams].map(([name, value]) => [name, fill(value, values)]));
  return url.href;
}

function formBody(template: string, values: Values): string {
  return queryOf(readFields("webhook_request_body", tidy(template)).map(([name, value]) => [name, fill(value, values)]));
}

function queryOf(fields: readonly (readonly [string, string])[]): string {
  return fields
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${escape(name)}=${escape(value)}`)
    .join("&");
}

/** Everything but letters, digits and `-_.~` percent-encoded, blanks as `+`. */
function escape(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

/** A JSON object of texts; an empty text is an empty one. Numbers and flags become texts. */
function readFields(field: string, text: string): [string, string][] {
  if (text === "") return [];
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ProviderFailure(`${field}: not a JSON object`, { final: true });
  return Object.entries(value).map(([name, member]) => [name, typeof member === "string" ? member : (JSON.stringify(member) ?? "")]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
