import type { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "@windfire/kit";
import { MCP_TRANSFER_CAP } from "@windfire/protocol";
import type { LiveConnections } from "#access/protection";
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

export interface TransferDeps {
  readonly clock: Clock;
  readonly now: () => number;
  readonly isEnabled: () => boolean;
  readonly findToken: RevalidationDeps["findToken"];
  readonly users: RevalidationDeps["users"];
  readonly servers: RevalidationDeps["servers"];
  readonly agents: AgentStreamDeps["agents"];
  readonly urls: TransferUrls;
  readonly spool: Spool;
  readonly audit: Audit;
  readonly connections: LiveConnections;
  /** Surprises, which callers are told nothing of. */
  readonly onError: (error: unknown) => void;
}

/** From the start of a request to its last byte. */
const LONGEST_MS = 10 * 60_000;
/** Of a sender without a link that holds, so much is read. */
const DRAINED_UNKNOWN_BYTES = 2 ** 20;
const TEXT_TYPE = "text/plain; charset=utf-8";
const SHA256 = /^[0-9a-f]{64}$/;

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** What a transfer answers when all is well. */
interface Served {
  readonly type: string;
  /** Bytes, when the body is a stream. */
  readonly length?: number;
  readonly body: string | Readable;
}

/** A transfer on behalf of somebody who may; `signal` ends it. */
type Transfer = (wish: TransferWish, request: FastifyRequest, signal: AbortSignal) => Promise<Served>;

/** The two routes behind links: no header says who comes, the link does (spec 40 section 12). */
export function createTransferRoutes(deps: TransferDeps): Record<Direction, Handler> {
  return {
    download: serve(deps, "download", async (wish, _request, signal) => {
      const stream = await streamOf(deps, wish, {}, signal);
      const { size, file } = await receiveFile(stream, deps.spool).finally(() => stream.close("peer-ended"));
      if (signal.aborted) {
        await file.close();
        throw cancelled();
      }
      const body = file.read();
      signal.addEventListener("abort", () => body.destroy());
      return { type: "application/octet-stream", length: size, body };
    }),
    upload: serve(deps, "upload", async (wish, request, signal) => {
      const size = bodySize(request);
      const expected = (request.visit.query.get("sha256") ?? "").trim().toLowerCase();
      if (expected !== "" && !SHA256.test(expected)) throw new McpFailure("invalid_args", "sha256 must be 64 hex chars", { status: 400 });
      const { mode, createDirs: create_dirs, ifMatchSha256: if_match_sha256 } = wish;
      const stream = await streamOf(deps, wish, { size, mode, create_dirs, if_match_sha256, expected_sha256: expected }, signal);
      const uploaded = await sendFile(stream, request.raw, size).finally(() => stream.close("peer-ended"));
      return { type: "application/json; charset=utf-8", body: JSON.stringify(uploaded) };
    }),
  };
}

/** Uses the link up, checks who stands behind it, runs the transfer under everything that may end it, and writes it down. */
function serve(deps: TransferDeps, direction: Direction, transfer: Transfer): Handler {
  return async (request, reply) => {
    const life = lifetimeOf(deps.clock, reply);
    const { token = "" } = request.params as { token?: string };
    const used = await deps.urls
      .use(token, direction)
      .catch((error: unknown) => ({ wish: undefined, failure: failureOf(error, deps.onError) }));
    try {
      if (used.failure) throw used.failure;
      const caller = await revalidate(deps, used.wish);
      if (caller instanceof McpFailure) throw caller;
      life.hold(deps.connections.register({ caller, ip: request.realIp || request.visit.peer, close: life.end }));
      // What ended while the link was looked at reaches no agent.
      if (life.signal.aborted) throw cancelled();
      const { type, length, body } = await transfer(used.wish, request, life.signal);
      record(deps, direction, used.wish, request.realIp, undefined);
      if (length !== undefined) void reply.header("content-length", length);
      return reply.type(type).send(body);
    } catch (error) {
      const failure = failureOf(error, deps.onError);
      record(deps, direction, used.wish, request.realIp, failure);
      return refuse(request, reply, failure, used.wish === undefined ? DRAINED_UNKNOWN_BYTES : MCP_TRANSFER_CAP);
    }
  };
}

/** Ends with the client, the deadline, or whoever calls `end` (spec 40 section 12.5). Watches from the first moment on. */
function lifetimeOf(clock: Clock, reply: FastifyReply) {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  const deadline = clock.setTimeout(end, LONGEST_MS);
  let closed = false;
  let release = (): void => undefined;
  reply.raw.once("close", () => {
    closed = true;
    deadline.cancel();
    release();
    end();
  });
  return {
    signal: controller.signal,
    end,
    /** To be released when the request is over. */
    hold(held: () => void): void {
      release = held;
      if (closed) release();
    },
  };
}

async function streamOf(deps: TransferDeps, wish: TransferWish, options: object, signal: AbortSignal): Promise<AgentStream> {
  const stream = await openAgentStream(deps, wish.serverId, { op: wish.direction, path: wish.path, ...options });
  const revoke = (): void => stream.close("revoked");
  if (signal.aborted) revoke();
  else signal.addEventListener("abort", revoke);
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
    acts: wish !== undefined && direction === "upload",
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
