import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import fastify from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "#kernel";
import { DatabaseError } from "#platform/database";
import { sendRefusal, refusalOf } from "./answer.ts";
import type { Visit } from "./gate.ts";
import { onArrival } from "./arrival.ts";
import { compressAnswers } from "./compressed-answers.ts";
import type { HttpDeps, RequestHandler } from "./http-deps.ts";
import { createPathTable } from "./path-twin.ts";
import { refusalJson } from "./refusal.ts";
import { addRoute } from "./route-adapter.ts";
import { addSocketRoute, upgradeHandler } from "./socket-adapter.ts";
import { createSocketPlaces } from "./socket-places.ts";
import { visitOf } from "./visit.ts";

declare module "fastify" {
  interface FastifyRequest {
    visit: Visit;
    /** Real client address, "" when unknown. */
    realIp: string;
  }
  interface FastifyInstance {
    /** The OpenAPI document of all routes. */
    document(): Promise<object>;
  }
}

/** Close code of an endpoint that goes down (RFC 6455 section 7.4.1). */
const GOING_AWAY = 1001;

export interface HttpApp {
  readonly handle: RequestHandler;
  /** For the `upgrade` event of an HTTP/1.1 server. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** The OpenAPI 3.1 document of all routes; made when it is first asked for. */
  document(): Promise<object>;
  /** Tells every open WebSocket that the program is going away (1001); `close` does not wait for them. */
  sendAway(): void;
  close(): Promise<void>;
}

/**
 * Builds the HTTP application over the route table. The gate runs before any body is read: real address and WAF for every request,
 * then the rule of the matched route.
 */
export async function createHttpApp(deps: HttpDeps): Promise<HttpApp> {
  let handle: RequestHandler | undefined;
  const app = fastify({
    serverFactory: (handler) => {
      handle = handler as RequestHandler;
      return createServer();
    },
    exposeHeadRoutes: false,
    // Swagger UI serves its start page under the folder's name only.
    rewriteUrl: ({ url = "/" }) => (url === "/swagger/index.html" ? "/swagger/" : url),
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
    routerOptions: { maxParamLength: 512, caseSensitive: true },
    frameworkErrors: (_error, _request, reply) => void sendRefusal(reply as FastifyReply, refusalJson(404, "404 Not Found")),
  });
  app.removeAllContentTypeParsers();
  // Each route reads its body itself: what it may take depends on the route and on its caller.
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  answerErrors(app, deps);
  greetEveryRequest(app, deps);
  compressAnswers(app, deps);
  let described: Promise<object> | undefined;
  const document = (): Promise<object> => (described ??= import("./api-document.ts").then(({ apiDocument }) => apiDocument(deps)));
  app.decorate("document", document);
  for (const plugin of deps.plugins ?? []) {
    await app.register(async (instance) => {
      waitAfterWrites(instance, deps);
      await plugin(instance);
    });
  }
  for (const route of deps.routes) addRoute(app, route, deps);
  const places = createSocketPlaces(deps.limits.openSockets);
  const sockets = deps.sockets.map((socket) => addSocketRoute(app, socket, places, deps));
  await app.ready();
  if (!handle) throw new Error("the HTTP application has no request handler");
  const answer = withoutSniffing(rerouting(handle, deps));
  return {
    handle: answer,
    upgrade: upgradeHandler(answer),
    document,
    sendAway: () => {
      for (const { clients } of sockets) for (const socket of clients) socket.close(GOING_AWAY);
    },
    close: () => app.close(),
  };
}

/** What an answer is, its type says; also where nobody thought of it: errors, redirects, refused handshakes (spec 60 section 3). */
function withoutSniffing(handle: RequestHandler): RequestHandler {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    response.setHeader("x-content-type-options", "nosniff");
    handle(request, response);
  };
  return answer as RequestHandler;
}

/** What came by a host with something of its own reaches nothing else, upgrades neither; what is ready is answered at once. */
function rerouting(handle: RequestHandler, { early, reroute, gate }: HttpDeps): RequestHandler {
  const mayEnter = (request: IncomingMessage): boolean => {
    const address = gate.address(visitOf(request));
    return !(address instanceof Promise) && !("refused" in address);
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const authority = request.headers[":authority"] ?? request.headers.host;
    if (typeof authority === "string") {
      if (early?.(request, response, authority, () => mayEnter(request)) === true) return;
      const url = reroute?.(authority, request.url ?? "/");
      if (url !== undefined) request.url = url;
    }
    handle(request, response);
  };
  return answer as RequestHandler;
}

/** Forms and MCP are not in the table of routes; whoever wrote by them goes on at another dashboard all the same. */
function waitAfterWrites(app: FastifyInstance, { afterWrite }: HttpDeps): void {
  if (afterWrite === undefined) return;
  app.addHook("onSend", async (request) => {
    if (request.method === "POST") await afterWrite();
  });
}

/** Routes parse requests and write answers themselves; said to the framework, so that it does not load its compilers of schemas. */
function noSchema(): never {
  throw new Error("no route has a schema of the framework's own");
}

/** Visit, real address, WAF, then the way of requests without a route. */
function greetEveryRequest(app: FastifyInstance, deps: HttpDeps): void {
  const paths = createPathTable();
  app.addHook("onRoute", (route) => {
    for (const method of [route.method].flat()) paths.add(method, route.url);
  });
  app.decorateRequest("realIp", "");
  app.addHook(
    "onRequest",
    onArrival(async (request, reply) => {
      request.visit = visitOf(request.raw);
      const twin = request.is404 ? paths.twinOf(request.visit.method, request.raw.url ?? "/") : undefined;
      if (twin) {
        void reply.redirect(twin, request.method === "GET" ? 301 : 307);
        return "answered";
      }
      if (skipsTheGate(request)) return "goes on";
      const address = await deps.gate.address(request.visit);
      if ("refused" in address) {
        void sendRefusal(reply, address);
        return "answered";
      }
      request.realIp = address.ip;
      if (address.viaTls) request.visit = { ...request.visit, secure: true };
      if (!request.is404) return "goes on";
      await deps.pages(request, reply);
      return "answered";
    }),
  );
  const { onAnswer } = deps;
  if (onAnswer) {
    app.addHook("onResponse", async (request, reply) => onAnswer(request.visit, reply.statusCode, reply.elapsedTime));
  }
}

/** Debug pages come before real address, WAF and sign-in (spec 10 section 2). */
function skipsTheGate(request: FastifyRequest): boolean {
  return request.routeOptions.config.beforeGate === true;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route answers before the real address and the WAF are looked at. */
    beforeGate?: boolean;
  }
}

function answerErrors(app: FastifyInstance, deps: HttpDeps): void {
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof AppError) return sendRefusal(reply, refusalOf(error, deps.translate));
    if (error instanceof DatabaseError) {
      deps.onError(error, request.visit);
      return sendRefusal(reply, refusalOf(new AppError("database error"), deps.translate));
    }
    const status = error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
    if (status >= 400 && status < 500 && error instanceof Error) return sendRefusal(reply, refusalJson(status, error.message));
    deps.onError(error, request.visit);
    return reply.code(500).send();
  });
}
