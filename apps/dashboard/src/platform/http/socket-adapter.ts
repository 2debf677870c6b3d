import { ServerResponse } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createBudgetShare } from "@windfire/kit";
import type { ByteBudget } from "@windfire/kit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { sendRefusal, setCookies } from "./answer.ts";
import { budgetOf } from "./body-bytes.ts";
import type { Visit } from "./gate.ts";
import type { HttpDeps, RequestHandler } from "./http-deps.ts";
import { textParser } from "./input.ts";
import type { SocketPlaces } from "./socket-places.ts";
import { header, hostOf, queryValues } from "./visit.ts";
import { API_PREFIX } from "./route.ts";
import type { AnySocketRoute, Context, SocketOpener } from "./route.ts";

/** What is to happen with a handshake that the route has let through. */
interface Accepted {
  readonly server: WebSocketServer;
  readonly open: SocketOpener;
  readonly maxMessage: number;
  readonly budget: ByteBudget;
}

const pending = new WeakMap<IncomingMessage, (accepted: Accepted) => void>();

/**
 * Puts a WebSocket into the application as a GET route: the gate and `prepare` run like those of any route, so a refusal is an ordinary
 * answer (spec 10 section 18). A request that is no handshake gets 400, a foreign origin 403. Returns what holds the open sockets.
 */
export function addSocketRoute(app: FastifyInstance, route: AnySocketRoute, places: SocketPlaces, deps: HttpDeps): WebSocketServer {
  const params = textParser(route.params);
  const query = textParser(route.query);
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: route.maxMessage,
    perMessageDeflate: route.deflate ? { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: 0 } : false,
  });
  server.on("headers", (headers) => void headers.push("X-Content-Type-Options: nosniff"));
  app.get(API_PREFIX + route.path, {
    handler: async (request, reply) => {
      const admission = await deps.gate.admit(request.visit, request.realIp, route.access);
      if ("refused" in admission) return sendRefusal(reply, admission);
      setCookies(reply, admission.cookies);
      const full = places.refusal(admission.caller, request.realIp);
      if (full) throw full;
      const opener = await route.prepare(
        contextOf(request, reply, admission.caller, params(request.params), query(queryValues(request.visit))),
      );
      const open: SocketOpener = (socket, connection) => {
        socket.once("close", places.take(admission.caller, request.realIp));
        opener(socket, connection);
      };
      const budget = budgetOf(admission.caller, deps.budgets);
      return finishHandshake(request, reply, { server, open, maxMessage: route.maxMessage, budget }, deps);
    },
  });
  return server;
}

function contextOf(
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Context<unknown, unknown, unknown>["caller"],
  params: unknown,
  query: unknown,
) {
  const aborted = new AbortController();
  reply.raw.once("close", () => aborted.abort());
  return {
    caller,
    params,
    query,
    body: undefined,
    ip: request.realIp,
    visit: request.visit,
    signal: aborted.signal,
    setCookie: (cookie: Parameters<typeof setCookies>[1][number]) => setCookies(reply, [cookie]),
  } as Parameters<AnySocketRoute["prepare"]>[0];
}

function finishHandshake(request: FastifyRequest, reply: FastifyReply, accepted: Accepted, deps: HttpDeps): FastifyReply {
  const accept = pending.get(request.raw);
  if (!accept || !isHandshake(request.visit)) {
    return reply.code(400).header("sec-websocket-version", "13").type("text/plain; charset=utf-8").send("Bad Request");
  }
  if (!sameOrigin(request.visit) && !deps.foreignOrigin(request.visit)) {
    return reply.code(403).type("text/plain; charset=utf-8").send("Forbidden");
  }
  reply.hijack();
  accept(accepted);
  return reply;
}

/** Close code of a server that has no room now (IANA registry of RFC 6455). */
const TRY_AGAIN_LATER = 1013;

/** What a client has sent of a message that is not whole counts with the bytes of all other requests; `ws` itself holds no more. */
function countUnfinished(socket: WebSocket, connection: Duplex, maxMessage: number, budget: ByteBudget): void {
  const share = createBudgetShare(budget);
  let unfinished = 0;
  connection.prependListener("data", (chunk: Buffer) => {
    unfinished = Math.min(unfinished + chunk.length, maxMessage);
    if (!share.hold(unfinished)) socket.close(TRY_AGAIN_LATER);
  });
  socket.on("message", () => {
    unfinished = 0;
    share.hold(0);
  });
  connection.once("close", () => share.hold(0));
}

function isHandshake(visit: Visit): boolean {
  return (
    visit.method === "GET" &&
    header(visit, "upgrade").toLowerCase() === "websocket" &&
    /^[+/0-9A-Za-z]{22}==$/.test(header(visit, "sec-websocket-key")) &&
    header(visit, "sec-websocket-version") === "13"
  );
}

/** No `Origin` (a script), or one whose host is the host asked for. */
function sameOrigin(visit: Visit): boolean {
  const origin = header(visit, "origin");
  if (!origin) return true;
  return URL.canParse(origin) && new URL(origin).host.toLowerCase() === withoutDefaultPort(hostOf(visit), origin);
}

function withoutDefaultPort(host: string, origin: string): string {
  const defaultPort = origin.startsWith("https:") ? ":443" : ":80";
  const lower = host.toLowerCase();
  return lower.endsWith(defaultPort) ? lower.slice(0, -defaultPort.length) : lower;
}

/** How long a client whose handshake was refused may take to read the answer and hang up. */
const LINGER_MS = 1_000;

/** What the client sends on is read and dropped, or a reset would take the answer from it; one that does not hang up is cut. */
function endSoon(socket: Duplex): void {
  const cut = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once("close", () => clearTimeout(cut));
  socket.end();
  socket.resume();
}

/** Handles `upgrade` events: runs the request through the application, then gives the socket to `ws` or sends the ordinary answer. */
export function upgradeHandler(handle: RequestHandler): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    const response = new ServerResponse(request);
    pending.set(request, ({ server, open, maxMessage, budget }) => {
      response.detachSocket(socket as Parameters<ServerResponse["detachSocket"]>[0]);
      server.handleUpgrade(request, socket, head, (opened) => {
        // ws has closed the socket by then; whoever holds it listens to `close`.
        opened.on("error", () => undefined);
        countUnfinished(opened, socket, maxMessage, budget);
        open(opened, socket);
      });
    });
    response.assignSocket(socket as Parameters<ServerResponse["assignSocket"]>[0]);
    response.shouldKeepAlive = false;
    response.once("finish", () => endSoon(socket));
    handle(request, response);
  };
}
