import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import { authorityOf, targetOf } from "#platform/listener";
import type { WebRequest } from "#platform/listener";
import { namedByConnection } from "./answer-head.ts";
import type { RequestHead } from "./credentials.ts";

/** How the body of a request is framed on its way to the backend. */
export type RequestFraming = "none" | "length" | "chunked";

/** Headers that belong to one connection, and those that are said anew. */
const SAID_ANEW = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const WITHOUT_BODY = new Set(["GET", "HEAD", "OPTIONS", "DELETE"]);

/** What of a request may go on: its target as the backend wants it, and the headers that are not the connection's. */
export function passedHead(request: WebRequest): RequestHead {
  const fields = fieldsOf(request.rawHeaders);
  const left = new Set([...SAID_ANEW, ...namedByConnection(fields)]);
  const passed = fields.filter(([name]) => !name.startsWith(":") && !left.has(name.toLowerCase()));
  return { target: targetOf(request), rawHeaders: passed.flat() };
}

export function requestFraming(request: WebRequest): RequestFraming {
  const { headers } = request;
  if (headers["transfer-encoding"] !== undefined) return "chunked";
  if (headers["content-length"] !== undefined) return "length";
  // HTTP/2 bodies need no length: whatever is not without a body by its method may have one.
  return isHttp2(request) && !request.stream.endAfterHeaders && !WITHOUT_BODY.has(request.method) ? "chunked" : "none";
}

/** The request as the backend gets it, one character a byte. */
export function formatRequestHead(request: WebRequest, head: RequestHead, options: { upgrades: boolean }): string {
  const { method = "GET" } = request;
  const lines = [`${method} ${head.target} HTTP/1.1`, `Host: ${authorityOf(request)}`];
  for (const [name, value] of withOneCookie(request, fieldsOf(head.rawHeaders))) lines.push(`${name}: ${value}`);
  const framing = options.upgrades ? "none" : requestFraming(request);
  if (framing === "chunked") lines.push("Transfer-Encoding: chunked");
  if (framing === "length") lines.push(`Content-Length: ${request.headers["content-length"]}`);
  if (framing === "none" && !options.upgrades && !WITHOUT_BODY.has(method)) lines.push("Content-Length: 0");
  if (options.upgrades) lines.push("Connection: Upgrade", `Upgrade: ${request.headers.upgrade}`);
  else lines.push("Connection: close");
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** HTTP/2 splits cookies; HTTP/1.1 has them in one header (RFC 9113 section 8.2.3). */
function withOneCookie(request: WebRequest, fields: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  if (!isHttp2(request)) return fields;
  const cookies = fields.filter(([name]) => name === "cookie").map(([, value]) => value);
  const others = fields.filter(([name]) => name !== "cookie");
  return cookies.length === 0 ? others : [...others, ["Cookie", cookies.join("; ")]];
}

function fieldsOf(raw: readonly string[]): (readonly [string, string])[] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ""] as const] : []));
}

export function isHttp2(request: IncomingMessage | Http2ServerRequest): request is Http2ServerRequest {
  return request.httpVersionMajor === 2;
}
