import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Compressor } from "#platform/compression";
import type { Translate } from "./answer.ts";
import type { BodyBudgets } from "./body-bytes.ts";
import type { Gate, MaybePromise, Visit } from "./gate.ts";
import type { JsonLimits } from "./json-extent.ts";
import type { AnyRoute, AnySocketRoute } from "./route.ts";
import type { SocketLimits } from "./socket-places.ts";

/** Sizes and times that the HTTP side keeps to (spec 60 section 5). */
export interface HttpLimits {
  /** Body of a route that only callers with a credential reach. */
  readonly bodyBytes: number;
  /** Body of a route that anybody reaches, or that takes none. */
  readonly openBodyBytes: number;
  readonly json: JsonLimits;
  readonly openSockets: SocketLimits;
  readonly pageSize: number;
}

export interface HttpDeps {
  readonly gate: Gate;
  readonly routes: readonly AnyRoute[];
  readonly sockets: readonly AnySocketRoute[];
  readonly translate: Translate;
  readonly limits: HttpLimits;
  /** Shared with whatever else reads from the network. */
  readonly budgets: BodyBudgets;
  readonly compressor: Compressor;
  readonly version: string;
  /** Where a request is answered that came by a host of its own, instead of where it asks for; `undefined`: there. */
  readonly reroute?: (authority: string, url: string) => string | undefined;
  /** Answers what is ready and the same for everybody, before anything else is looked at but `mayEnter`; whether it did. */
  readonly early?: (request: IncomingMessage, response: ServerResponse, authority: string, mayEnter: () => boolean) => boolean;
  /** Answers every request that matched no route (spec 10 section 17). */
  readonly pages: (request: FastifyRequest, reply: FastifyReply) => MaybePromise<unknown>;
  /** Routes outside `/api/v1` that are not JSON in the envelope (MCP, Swagger UI). */
  readonly plugins?: readonly ((app: FastifyInstance) => Promise<void> | void)[];
  /** Whether a WebSocket of a foreign origin is let in all the same (debug mode on loopback, spec 10 section 18). */
  readonly foreignOrigin: (visit: Visit) => boolean;
  /** Awaited before what may have changed something is answered: whoever asked goes on somewhere else. */
  readonly afterWrite?: () => Promise<void>;
  readonly onError: (error: unknown, visit: Visit) => void;
  readonly onAnswer?: (visit: Visit, status: number, milliseconds: number) => void;
}

/** Handles requests of either HTTP version; the listener owns the sockets. */
export type RequestHandler = RequestListener & ((request: Http2ServerRequest, response: Http2ServerResponse) => void);
