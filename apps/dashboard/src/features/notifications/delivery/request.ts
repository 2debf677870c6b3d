import { refuseText } from "#kernel";
import type { Channel } from "../model.ts";
import { fill, fillUrl, jsonEscape } from "./placeholders.ts";
import type { Values } from "./placeholders.ts";

const GET = 1;
const POST = 2;
const JSON_TYPE = 1;
const FORM_TYPE = 2;

/** The HTTP request of one message through a channel. */
export interface ChannelRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Builds a request from a channel's templates (spec 30 section 3.2). Header values get no placeholders and go over the content type.
 *
 * @throws {AppError} unknown method or type, body or header that is no JSON object (`wrong type`).
 */
export function buildRequest(
  channel: Pick<Channel, "url" | "requestMethod" | "requestType" | "requestHeader" | "requestBody">,
  values: Values,
): ChannelRequest {
  const { requestMethod, requestType } = channel;
  if (requestMethod !== GET && requestType !== JSON_TYPE && requestType !== FORM_TYPE) throw refuseText("不支持的请求类型");
  if (requestMethod !== GET && requestMethod !== POST) throw refuseText("不支持的请求方式");
  const form = requestType === FORM_TYPE;
  const contentType = requestMethod === GET ? {} : { "content-type": form ? "application/x-www-form-urlencoded" : "application/json" };
  return {
    method: requestMethod === GET ? "GET" : "POST",
    url: fillUrl(channel.url, values),
    headers: { ...contentType, ...headers(channel.requestHeader) },
    body:
      requestMethod === GET || values.get("NEZHA") === ""
        ? ""
        : form
          ? formBody(channel.requestBody, values)
          : fill(channel.requestBody, values, jsonEscape),
  };
}

function headers(text: string): Record<string, string> {
  const named = Object.entries(textObject(text)).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(named.filter(([name]) => name !== "host"));
}

function formBody(template: string, values: Values): string {
  const fields = Object.entries(textObject(template)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new URLSearchParams(fields.map(([key, value]) => [key, fill(value, values, (inserted) => inserted)])).toString();
}

/** A JSON object as texts: null is empty, nested values stay JSON; an empty text is an empty object. */
function textObject(text: string): Record<string, string> {
  if (text === "") return {};
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuseText("wrong type");
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asText(member)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuseText("wrong type");
  }
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null ? "" : JSON.stringify(value);
}
