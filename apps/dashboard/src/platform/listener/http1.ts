import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createKeptConnections } from "./kept-connections.ts";
import { closeLingering } from "./lingering-close.ts";
import type { ListenerLimits } from "./limits.ts";
import { authorityOf, isPlainlyAddressed, toOriginForm } from "./target.ts";
import { admitRequest, type WebRequestDeps } from "./web-requests.ts";
import { type ParserFault, RepairedSocket, withEncodedTarget } from "./raw-target.ts";
import type { UnknownConnection } from "./unknown-connections.ts";

/** How often the runtime looks for request headers that take too long. */
const CHECK_MS = 1_000;
/** Why a request is not even one, in the words of the parser; anything else is 400. */
const FAULTS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

export interface Http1Deps extends WebRequestDeps {
  readonly limits: ListenerLimits;
  readonly connectionOf: (socket: Socket) => UnknownConnection | undefined;
  /** Lets a stream stand for the socket below it. */
  readonly wrap: (inner: Socket, outer: Duplex) => void;
}

export interface Http1 {
  take(socket: Socket, peer: string): void;
  /** Ends connections as soon as they are idle. */
  drain(): void;
  close(): void;
}

/** HTTP/1.1 on sockets that somebody else accepts. */
export function createHttp1(deps: Http1Deps): Http1 {
  const { limits, tunnel, web } = deps;
  let draining = false;
  const kept = createKeptConnections(limits.keptPerPeer);
  const peers = new WeakMap<Socket, { readonly peer: string; leave(): void }>();
  const keep = (socket: Socket, peer: string): void => {
    const leave = kept.add(peer);
    peers.set(socket, { peer, leave });
    socket.once("close", leave);
  };
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headerMs,
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: CHECK_MS,
    shouldUpgradeCallback: (request) => isWebSocket(request) || (!bringsBody(request) && tunnel?.matches(authorityOf(request)) === true),
  });
  server.on("request", (request, response) => {
    if (!isPlainlyAddressed(request)) return refuseAddress(request, response);
    toOriginForm(request);
    if (draining || request.socket instanceof RepairedSocket || kept.isCrowded(peers.get(request.socket)?.peer ?? ""))
      response.shouldKeepAlive = false;
    closeLingering(request, deps.clock);
    guarded(request.socket, deps, () => {
      const isTunnelled = admitRequest(visitOf(request, response, deps), deps);
      if (isTunnelled) tunnel?.request(request, response);
      else web.request(request, response);
    });
  });
  server.on("upgrade", (request, socket, head) => {
    if (!isPlainlyAddressed(request)) return refuse(request.socket);
    toOriginForm(request);
    deps.connectionOf(request.socket)?.known();
    peers.get(request.socket)?.leave();
    const isTunnelled = tunnel?.matches(authorityOf(request)) === true;
    guarded(request.socket, deps, () => (isTunnelled ? tunnel : web).upgrade(request, socket, head));
  });
  server.on("clientError", (error: ParserFault, socket: AnsweringSocket) => {
    const bytes = isAnswering(socket) ? undefined : withEncodedTarget(error);
    if (bytes === undefined) return refuse(socket, error.code);
    const repaired = new RepairedSocket(socket, bytes);
    deps.wrap(socket, repaired);
    return void server.emit("connection", repaired);
  });
  watchConnections(server);
  return {
    take(socket, peer) {
      keep(socket, peer);
      deps.connectionOf(socket)?.closeLateBy(() => refuse(socket, "ERR_HTTP_REQUEST_TIMEOUT"));
      server.emit("connection", socket);
    },
    drain() {
      draining = true;
      server.closeIdleConnections();
    },
    close: () => server.closeAllConnections(),
  };
}

/** The runtime's own note of the answer that a socket is taken by. */
type AnsweringSocket = Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null };

function isAnswering(socket: AnsweringSocket): boolean {
  return (socket["_httpMessage"] ?? null) !== null;
}

/** The last words on a connection whose request cannot be read; none when an answer is under way or nobody listens. */
function refuse(socket: AnsweringSocket, code = ""): void {
  if (!socket.writable || code === "ECONNRESET" || socket["_httpMessage"]?.headersSent === true) return void socket.destroy();
  const status = FAULTS[code] ?? "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n\r\n`, () => socket.destroy());
}

/** Behind the answers that are still under way. */
function refuseAddress(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.shouldKeepAlive = false;
  response.writeHead(400, { "x-content-type-options": "nosniff" }).end();
}

/** An error in a handler ends its connection, not the program. */
function guarded(socket: Socket, deps: Http1Deps, run: () => void): void {
  try {
    run();
  } catch (error) {
    deps.onError(error);
    socket.destroy();
  }
}

/** A server that never listens does not look after its connections (no time-outs, no closing of idle ones) until it believes it does. */
function watchConnections(server: Server): void {
  server.emit("listening");
}

function visitOf(request: IncomingMessage, response: ServerResponse, deps: Http1Deps) {
  const { socket } = request;
  return {
    request,
    response,
    authority: authorityOf(request),
    connection: deps.connectionOf(socket),
    received: () => socket.bytesRead,
    close() {
      response.shouldKeepAlive = false;
      if (response.writableFinished) socket.destroy();
      else response.once("finish", () => socket.destroySoon());
    },
  };
}

/** Whoever offers another protocol with a body (`Upgrade: h2c`) is answered in this one: the body would be lost in the switch. */
function bringsBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}
