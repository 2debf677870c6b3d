import { createHash } from "node:crypto";
import type { ChannelContext, ChannelKind, ServiceRequest } from "../channels/kind.ts";
import type { Settings } from "./settings.ts";

/** The columns of a `notifications` row that say what is sent where. */
export interface PlainWebhook {
  readonly url: string;
  readonly requestMethod: number;
  readonly requestType: number;
  readonly requestHeader: string;
  readonly requestBody: string;
  readonly verifyTls: boolean;
}

const METHODS = { GET: 1, POST: 2 } as const;
const JSON_TYPE = 1;
const FORM_TYPE = 2;
const FORM = "application/x-www-form-urlencoded";

/**
 * A channel as the reference knows it: the equivalent webhook where its service takes one, else an address that nobody has, so that there
 * the sending fails and nothing else does.
 */
export function plainWebhook(kind: ChannelKind, settings: Settings, context: Pick<ChannelContext, "derive" | "site">): PlainWebhook {
  const nowhere: PlainWebhook = {
    url: `https://${kind.kind}.invalid/`,
    requestMethod: METHODS.POST,
    requestType: JSON_TYPE,
    requestHeader: "",
    requestBody: "",
    verifyTls: true,
  };
  const isPlain = typeof kind.plain === "function" ? kind.plain(settings) : kind.plain;
  if (!isPlain || !("request" in kind.via)) return nowhere;
  const message = { title: "", text: "#NEZHA#", severity: "warning", kind: "incident", link: "", event: "", id: "" } as const;
  return columnsOf(kind.via.request(settings, message, { ...context, now: 0 })) ?? nowhere;
}

function columnsOf({ method, url, headers = {}, body = "", verifyTls = true }: ServiceRequest): PlainWebhook | undefined {
  if ((method !== "GET" && method !== "POST") || typeof body !== "string") return undefined;
  const { "content-type": type, ...others } = headers;
  const isForm = type === FORM;
  return {
    url,
    requestMethod: METHODS[method],
    requestType: isForm ? FORM_TYPE : JSON_TYPE,
    requestHeader: Object.keys(others).length === 0 ? "" : JSON.stringify(others),
    requestBody: isForm ? JSON.stringify(Object.fromEntries(new URLSearchParams(body))) : body,
    verifyTls,
  };
}

/** Tells whether a row still says what we wrote, or was edited elsewhere. */
export function fingerprint(columns: Omit<PlainWebhook, "verifyTls"> & { readonly verifyTls: boolean | null }): string {
  const { url, requestMethod, requestType, requestHeader, requestBody, verifyTls } = columns;
  const text = JSON.stringify([url, requestMethod, requestType, requestHeader, requestBody, verifyTls ?? false]);
  return createHash("sha256").update(text).digest("base64url");
}
