import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import { plainAddress } from "#kernel";
import { parseCookies } from "./cookies.ts";
import type { Visit } from "./gate.ts";

/** Reads what the gate looks at off a request of either HTTP version. */
export function visitOf(request: IncomingMessage | Http2ServerRequest): Visit {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  const socket = request.socket;
  return {
    method: request.method ?? "GET",
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)),
    headers: request.headers,
    cookies: parseCookies(request.headers.cookie),
    peer: plainAddress(socket.remoteAddress ?? ""),
    secure: "encrypted" in socket && socket.encrypted,
  };
}

/** First value of a header that should come once. */
export function header(visit: Visit, name: string): string {
  const value = visit.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

/** The host a client asked for: `Host`, or `:authority` of HTTP/2. */
export function hostOf(visit: Visit): string {
  return header(visit, ":authority") || header(visit, "host");
}

/** Whether a `Host` with a port names this machine by a loopback address or `localhost`. */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\]):\d+$/i.test(host);
}

/** Query parameters by name; the first of a repeated one counts. */
export function queryValues(visit: Visit): Record<string, string> {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of visit.query) values[name] ??= value;
  return values;
}
