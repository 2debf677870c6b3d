import type { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "@windfire/kit";
import { MCP_TRANSFER_CAP } from "@windfire/protocol";
import type { LiveConnections } from "#access";
import type { TokenCaller } from "#kernel";
import type { Audit } from "../audit.ts";
import { cancelled, failureOf, McpFailure } from "../model.ts";
import { openAgentStream } from "./agent-stream.ts";
import type { AgentStream, AgentStreamDeps } from "./agent-stream.ts";
import { receiveFile } from "./download.ts";
import { revalidate } from "./revalidation.ts";
import type { RevalidationDeps } from "./revalidation.ts";
import type { Spool } from "./spool.ts";
import { sendFile } from "./upload.ts";
import type { Direction, TransferUrls, TransferWish } from "./urls.ts";

export interface TransferDeps extends RevalidationDeps, AgentStreamDeps {
  readonly clock: Clock;
  readonly urls: TransferUrls;
  readonly spool: Spool;
  readonly audit: Audit;
  readonly connections: LiveConnections;
}

/** From the start of a request to its last byte. */
const LONGEST_MS = 10 * 60_000;
/** Of a sender without a link that holds, so much is read. */
const DRAINED_UNKNOWN_BYTES = 2 ** 20;
const TEXT_TYPE = "text/plain; charset=utf-8";
const SHA256 = /^[0-9a-f]{64}$/;

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** The two routes behind links: no header says who comes, the link does (spec 40 section 12). */
export function createTransferRoutes(deps: TransferDeps): Record<Direction, Handler> {
  return {
    download: serve(deps, "download", async (wish, { signal, reply }) => {
      const stream = streamOf(deps, wish, {}, signal);
      const { size, file } = await receiveFile(stream, deps.spool).finally(stream.close);
      if (signal.aborted) {
        await file.close();
        throw cancelled();
      }
      const body = file.read();
      signal.addEventListener("abort", () => body.destroy());
      return reply.type("application/octet-stream").header("content-length", size).send(body);
    }),
    upload: serve(deps, "upload", async (wish, { signal, request, reply }) => {
      const size = bodySize(request);
      const expected = (request.visit.query.get("sha256") ?? "").trim().toLowerCase();
      if (expected !== "" && !SHA256.test(expected)) throw new McpFailure("invalid_args", "sha256 must be 64 hex chars", { status: 400 });
      const { mode, createDirs: create_dirs, ifMatchSha256: if_match_sha256 } = wish;
      const stream = streamOf(deps, wish, { size, mode, create_dirs, if_match_sha256, expected_sha256: expected }, signal);
      const body: Readable = request.raw;
      const uploaded = await sendFile(stream, body, size).finally(stream.close);
      return reply.type("application/json; charset=utf-8").send(JSON.stringify(uploaded));
    }),
  };
}

interface Attempt {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly signal: AbortSignal;
}

/** Uses the link up, checks who stands behind it, runs the transfer under everything that may end it, and writes it down. */
function serve(
  deps: TransferDeps,
  direction: Direction,
  transfer: (wish: TransferWish, attempt: Attempt) => Promise<FastifyReply>,
): Handler {
  return async (request, reply) => {
    const { token = "" } = request.params as { token?: string };
    const { wish, failure } = deps.urls.use(token, direction);
    try {
      if (failure || !wish) throw failure ?? new McpFailure("internal_error", "no transfer", { status: 500 });
      const caller = await revalidate(deps, wish);
      if (caller instanceof McpFailure) throw caller;
      const answer = await transfer(wish, { request, reply, signal: lifetime(deps, caller, request, reply) });
      record(deps, direction, wish, request.realIp, undefined);
      return answer;
    } catch (error) {
      const known = failureOf(error);
      record(deps, direction, wish, request.realIp, known);
      return refuse(request, reply, known, wish === undefined ? DRAINED_UNKNOWN_BYTES : MCP_TRANSFER_CAP);
    }
  };
}

/** Ends with the client, the deadline, or the token (spec 40 section 12.5). */
function lifetime(deps: TransferDeps, caller: TokenCaller, { realIp, visit }: FastifyRequest, reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const deadline = deps.clock.setTimeout(() => controller.abort(), LONGEST_MS);
  const release = deps.connections.register({ caller, ip: realIp || visit.peer, close: () => controller.abort() });
  reply.raw.once("close", () => {
    deadline.cancel();
    release();
    controller.abort();
  });
  return controller.signal;
}

function streamOf(deps: TransferDeps, wish: TransferWish, options: object, signal: AbortSignal): AgentStream {
  const stream = openAgentStream(deps, wish.serverId, { op: wish.direction, path: wish.path, ...options });
  if (signal.aborted) stream.close();
  else signal.addEventListener("abort", stream.close);
  return stream;
}

/** Bytes of the body as the request declares them (spec 40 section 12.8). */
function bodySize({ raw, headers }: FastifyRequest): number {
  const declared = headers["content-length"];
  const unknown = headers["transfer-encoding"] !== undefined || (declared === undefined && "stream" in raw && !hasEnded(raw));
  if (unknown) throw new McpFailure("invalid_args", "Content-Length required", { status: 411 });
  const size = Number(declared ?? 0);
  if (!Number.isSafeInteger(size) || size > MCP_TRANSFER_CAP)
    throw new McpFailure("invalid_args", "body exceeds MCP transfer cap (100MiB)", { status: 413 });
  return size;
}

/** HTTP/2: the header block said that no body follows. */
function hasEnded(request: { readonly stream?: unknown }): boolean {
  const { stream } = request;
  return typeof stream === "object" && stream !== null && "endAfterHeaders" in stream && stream.endAfterHeaders === true;
}

function record(
  deps: TransferDeps,
  direction: Direction,
  wish: TransferWish | undefined,
  ip: string,
  failure: McpFailure | undefined,
): void {
  const entry = {
    userId: wish?.userId ?? 0,
    tokenId: wish?.tokenId ?? 0,
    tool: `fs.${direction}`,
    serverId: wish?.serverId ?? 0,
    argsHash: "",
    outcome: failure?.outcome ?? "ok",
    error: failure?.auditText ?? "",
    durationMs: 0,
    ip,
  } as const;
  if (wish) deps.audit.write(entry);
  else deps.audit.writeSampled(`address ${ip}`, entry);
}

/** What is left of a body is read to its end, so that the answer is heard, unless it is larger than the sender may ask for. */
function refuse({ raw, headers }: FastifyRequest, reply: FastifyReply, failure: McpFailure, drained: number): FastifyReply {
  const isBounded = headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) <= drained;
  if (isBounded) raw.resume();
  else void reply.header("connection", "close");
  return reply
    .code(failure.status === 200 ? 502 : failure.status)
    .type(TEXT_TYPE)
    .send(failure.message);
}
