import type { FastifyReply, FastifyRequest } from "fastify";
import type { Tokens } from "#access/identity";
import type { Waf } from "#access/protection";
import type { TokenCaller } from "#kernel";
import { withBody } from "#platform/http";
import type { BodyBudgets } from "#platform/http";
import { callerOf } from "./caller.ts";
import { parseEnvelope, RPC, rpcError } from "./json-rpc.ts";
import type { RpcAnswer } from "./json-rpc.ts";
import { answerMessage } from "./methods.ts";
import { DISABLED_TEXT } from "./model.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { ToolCalls, ToolRequest } from "./tool-calls.ts";

export interface EndpointDeps {
  readonly tokens: Pick<Tokens, "authenticate">;
  readonly waf: Waf;
  readonly isEnabled: () => boolean;
  readonly rateLimit: RateLimit;
  /** What bodies that are being read may take. */
  readonly bodies: Pick<BodyBudgets, "known" | "turns">;
  readonly toolCalls: ToolCalls;
  readonly version: string;
  /** Scheme and host under which a client reaches the dashboard. */
  readonly linkBase: (request: FastifyRequest) => string | undefined;
}

/** Largest message (spec 40 section 3). */
const ENVELOPE_BYTES = 8 * 2 ** 20;

export const JSON_TYPE = "application/json; charset=utf-8";
const LIMIT_TEXT = "rate limit exceeded for this token";
const UNAUTHORIZED = rpcError(undefined, RPC.unauthorized, "missing or invalid API token", 401, { "www-authenticate": "Bearer" });
const DISABLED = rpcError(undefined, RPC.refused, DISABLED_TEXT);
const TOO_LARGE = rpcError(undefined, RPC.request, "request body exceeds MCP envelope size limit", 413, { connection: "close" });
const BUSY = rpcError(undefined, RPC.refused, "too many requests at once", 503, { "retry-after": "1", connection: "close" });

/** `POST /mcp`: token, switch, budget, body, message (spec 40 sections 3 to 6). */
export function createEndpoint(deps: EndpointDeps): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const answer = async (caller: TokenCaller, request: FastifyRequest, reply: FastifyReply): Promise<RpcAnswer> => {
    const wait = deps.rateLimit.take(caller.tokenId);
    const room = { limitBytes: ENVELOPE_BYTES, budget: deps.bodies.known, turns: deps.bodies.turns };
    const body = await withBody(request.raw, room, (bytes) => parseEnvelope(bytes.toString()));
    if ("refused" in body) return body.refused === "too-large" ? TOO_LARGE : BUSY;
    const envelope = body.used;
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    const context: ToolRequest = {
      caller,
      ip: request.realIp,
      peer: request.visit.peer,
      linkBase: deps.linkBase(request),
      signal: gone.signal,
    };
    if (wait > 0) return overBudget(deps.toolCalls, envelope, context, wait);
    return "fault" in envelope ? envelope.fault : answerMessage(deps, envelope.message, context);
  };
  return async (request, reply) => {
    const caller = await callerOf(deps, request.visit, request.realIp);
    if (caller && "refused" in caller) return reply.code(caller.status).headers(caller.headers).type(caller.contentType).send(caller.body);
    if (!deps.isEnabled()) return send(reply, DISABLED);
    if (!caller) return send(reply, UNAUTHORIZED);
    return send(reply, await answer(caller, request, reply));
  };
}

/** What a client over its budget is told depends on what it asked (spec 40 section 6). */
function overBudget(toolCalls: ToolCalls, envelope: ReturnType<typeof parseEnvelope>, request: ToolRequest, wait: number): RpcAnswer {
  if ("message" in envelope && envelope.message.method === "tools/call") return toolCalls.overBudget(envelope.message, request);
  const id = "message" in envelope ? envelope.message.id : envelope.id;
  return rpcError(id, RPC.refused, LIMIT_TEXT, 429, { "retry-after": String(wait) });
}

function send(reply: FastifyReply, { status, body, headers = {} }: RpcAnswer): FastifyReply {
  void reply.code(status).headers(headers);
  return body === undefined ? reply.send() : reply.type(JSON_TYPE).send(body);
}
