import { request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { Duplex } from "node:stream";
import { formatNatOrder, TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import type { DispatchOutcome, StreamRegistry } from "#features/fleet";
import type { WebRequest, WebResponse } from "#platform/listener";
import { openTunnelSocket } from "./tunnel-socket.ts";
import type { NatProfile } from "./model.ts";

export interface TunnelDeps {
  readonly profile: (domain: string) => NatProfile | undefined;
  readonly isOnline: (serverId: number) => boolean;
  readonly dispatch: (serverId: number, task: Task) => DispatchOutcome;
  readonly streams: StreamRegistry;
  readonly translate: (messageId: string) => string;
  /** The page of a blocked address, with a text. */
  readonly blockPage: (message: string) => string;
}

/** A plain answer of the dashboard itself in place of the backend's. */
interface Refused {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Headers that belong to one connection, or to the dashboard alone, and are not passed on (RFC 9110 section 7.6.1). */
const NOT_PASSED = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  "authorization",
]);
const NOT_ANSWERED = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);

/**
 * Carries requests for a tunnel's host name to its agent (spec 20 section 12). Each request has a stream of its own, so its `Host` is
 * looked at and its `Authorization`, which is the dashboard's, is taken out every time; bodies are streamed.
 */
export function createTunnel(deps: TunnelDeps) {
  const open = (authority: string): Duplex | Refused => {
    const profile = deps.profile(authority);
    if (!profile?.enabled)
      return { status: 403, type: "text/html; charset=utf-8", text: deps.blockPage(`nat host ${authority} is disabled`) };
    const offline = { status: 503, type: "text/plain; charset=utf-8", text: deps.translate("server not found or not connected") };
    if (!deps.isOnline(profile.serverId)) return offline;
    const stream = deps.streams.create({ purpose: "nat", creatorId: 0, serverId: profile.serverId });
    if ("refused" in stream) return { status: 429, type: "text/plain; charset=utf-8", text: `stream limit: ${stream.refused}` };
    const socket = openTunnelSocket(deps.streams, stream);
    const outcome = deps.dispatch(profile.serverId, {
      id: 0,
      type: TASK.nat,
      data: formatNatOrder({ streamId: stream.id, host: profile.host }),
    });
    if (outcome === "sent") return socket;
    socket.destroy();
    return offline;
  };
  return {
    matches: (authority: string): boolean => deps.profile(authority) !== undefined,
    request(request: WebRequest, either: WebResponse): void {
      // Both versions' answers have the methods used here; only their overloads differ.
      const response = either as ServerResponse;
      const socket = open(authorityOf(request));
      if ("status" in socket) return refuse(request, response, socket);
      const backend = ask(request, socket);
      backend.on("response", (answer) => pass(answer, response));
      backend.on("error", () =>
        refuse(request, response, { status: 502, type: "text/plain; charset=utf-8", text: "the tunnelled host did not answer" }),
      );
      response.on("close", () => socket.destroy());
      request.pipe(backend);
    },
    upgrade(request: IncomingMessage, client: Duplex, head: Buffer): void {
      const socket = open(authorityOf(request));
      if ("status" in socket) return void client.end(plainAnswer(socket));
      socket.write(requestHead(request));
      if (head.length > 0) socket.write(head);
      pipeline(client, socket, () => client.destroy());
      pipeline(socket, client, () => client.destroy());
    },
  };
}

function authorityOf(request: WebRequest): string {
  return String(request.headers[":authority"] ?? request.headers.host ?? "");
}

/** The request again, over the tunnel. */
function ask(request: WebRequest, socket: Duplex): ClientRequest {
  const headers = ["Host", authorityOf(request), ...passedHeaders(request, NOT_PASSED), "Connection", "close"];
  if (request.headers["transfer-encoding"] !== undefined || (request.httpVersionMajor === 2 && hasBody(request)))
    headers.push("Transfer-Encoding", "chunked");
  return httpRequest({ createConnection: () => socket, method: request.method, path: request.url, headers, setDefaultHeaders: false });
}

/** HTTP/2 bodies need no length: whatever is not without a body by its method may have one. */
function hasBody(request: WebRequest): boolean {
  return request.headers["content-length"] === undefined && !["GET", "HEAD", "OPTIONS", "DELETE"].includes(request.method ?? "GET");
}

function passedHeaders(message: { rawHeaders: string[] }, left: ReadonlySet<string>): string[] {
  const headers: string[] = [];
  for (let at = 0; at < message.rawHeaders.length; at += 2) {
    const name = message.rawHeaders[at] ?? "";
    if (name.startsWith(":") || name.toLowerCase() === "host" || left.has(name.toLowerCase())) continue;
    headers.push(name, message.rawHeaders[at + 1] ?? "");
  }
  return headers;
}

function pass(answer: IncomingMessage, response: ServerResponse): void {
  const headers = new Map<string, string[]>();
  const raw = passedHeaders(answer, NOT_ANSWERED);
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), raw[at + 1] ?? ""]);
  }
  response.writeHead(
    answer.statusCode ?? 502,
    Object.fromEntries([...headers].map(([name, values]) => [name, values.length === 1 ? values[0] : values])),
  );
  pipeline(answer, response, () => undefined);
}

function refuse(request: WebRequest, response: ServerResponse, refused: Refused): void {
  request.resume();
  if (response.headersSent) return void response.destroy();
  response.writeHead(refused.status, { "content-type": refused.type });
  response.end(refused.text);
}

function requestHead(request: IncomingMessage): string {
  const lines = [`${request.method} ${request.url} HTTP/1.1`, `Host: ${authorityOf(request)}`];
  const headers = passedHeaders(request, new Set(["authorization"]));
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function plainAnswer({ status, type, text }: Refused): string {
  return `HTTP/1.1 ${status} Refused\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`;
}
