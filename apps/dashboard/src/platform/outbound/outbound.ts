import { lookup } from "node:dns/promises";
import type { Socket } from "node:net";
import type { Clock } from "@windfire/kit";
import type { Dispatcher } from "undici";
import { isPublicAddress } from "./address-policy.ts";
import { isAllowedTarget } from "./allowed-targets.ts";
import type { AllowedTarget } from "./allowed-targets.ts";
import { OutboundError } from "./outbound-error.ts";
import { openSocket, pinnedAgent } from "./pinned-connection.ts";
import { headersOf } from "./request-headers.ts";
import { vetHost, vetTarget } from "./target.ts";
import type { VettingDeps } from "./target.ts";

/** A request to a URL that a user typed in. */
export interface OutboundRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  /** Those that belong to the connection (`host`, `content-length` …) are left out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Empty: none. */
  readonly body?: string | Uint8Array;
  /** False accepts any certificate. Default true. */
  readonly verifyTls?: boolean;
  /** Hands out the body of the answer; otherwise it is read, up to the limit, and thrown away. */
  readonly wantsBody?: boolean;
  /** Gives up when aborted. */
  readonly signal?: AbortSignal;
  /** An administrator wants it: what `outbound_allow` opens may be asked as well. */
  readonly trusted?: boolean;
}

/** A connection for a protocol other than HTTP, such as SMTP. */
export interface OutboundConnection {
  readonly host: string;
  readonly port: number;
  readonly signal?: AbortSignal;
  /** See {@link OutboundRequest.trusted}. */
  readonly trusted?: boolean;
}

/** The final answer; a redirect is one too. */
export interface OutboundAnswer {
  readonly status: number;
  /** Reason phrase. */
  readonly reason: string;
  /** "" unless it was wanted. */
  readonly body: string;
  /** Value of `Retry-After`. */
  readonly retryAfter?: string;
  /** Value of `Content-Type`. */
  readonly contentType?: string;
  /** Value of `ETag`. */
  readonly etag?: string;
  /** Value of `Location`: where a redirect leads, as the peer says it. */
  readonly location?: string;
}

/** The one client for URLs of users (spec 10 section 19, 60 sections 2 and 5). */
export interface Outbound {
  /** Fails with `OutboundError`. */
  send(request: OutboundRequest): Promise<OutboundAnswer>;
  /** An open connection to one of the vetted addresses of a host. Fails with `OutboundError`. */
  connect(target: OutboundConnection): Promise<Socket>;
}

export interface OutboundDeps {
  readonly clock: Clock;
  readonly limits: { readonly answerBytes: number; readonly totalMs: number; readonly connectMs: number };
  /** All addresses of a name; the system's resolver unless a test says otherwise. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Which addresses may be connected to; public ones unless a test says otherwise. */
  readonly isAllowed?: (address: string) => boolean;
  /** What else administrators may have connected to (`outbound_allow` of the configuration). */
  readonly allowed?: readonly AllowedTarget[];
}

export function createOutbound(deps: OutboundDeps): Outbound {
  const { clock, limits, allowed = [], isAllowed = isPublicAddress } = deps;
  const vettingFor = (trusted = false): VettingDeps => ({
    resolve: deps.resolve ?? resolveBySystem,
    isAllowed: (address, port) => isAllowed(address) || (trusted && isAllowedTarget(allowed, address, port)),
  });

  const exchange = async (request: OutboundRequest, signal: AbortSignal, onConnect: () => void): Promise<OutboundAnswer> => {
    const target = await abortable(vetTarget(request.url, vettingFor(request.trusted)), signal);
    const agent = await pinnedAgent(target.addresses, { connectMs: limits.connectMs, verifyTls: request.verifyTls ?? true });
    agent.once("connect", onConnect);
    try {
      const answer = await agent.request({
        origin: target.url.origin,
        path: `${target.url.pathname}${target.url.search}`,
        method: request.method,
        headers: headersOf(request.headers ?? {}, target.url),
        body: request.body?.length ? request.body : null,
        signal,
      });
      const body = await readUpTo(answer.body, limits.answerBytes);
      const { "retry-after": retryAfter, "content-type": contentType, etag, location } = answer.headers;
      return {
        status: answer.statusCode,
        reason: answer.statusText,
        body: request.wantsBody ? body.toString() : "",
        ...(typeof retryAfter === "string" ? { retryAfter } : {}),
        ...(typeof contentType === "string" ? { contentType } : {}),
        ...(typeof etag === "string" ? { etag } : {}),
        ...(typeof location === "string" ? { location } : {}),
      };
    } finally {
      await agent.destroy();
    }
  };

  return {
    send: async (request) => {
      const late = new AbortController();
      const timer = clock.setTimeout(() => late.abort(), limits.totalMs);
      let written = false;
      const signals = request.signal === undefined ? [late.signal] : [late.signal, request.signal];
      try {
        return await exchange(request, AbortSignal.any(signals), () => (written = true));
      } catch (error) {
        if (late.signal.aborted) throw new OutboundError("timeout", "no whole answer in time", { cause: error, written });
        if (request.signal?.aborted) throw new OutboundError("stopped", "the request was given up", { cause: error, written });
        throw asOutboundError(error, written);
      } finally {
        timer.cancel();
      }
    },
    async connect({ host, port, trusted, signal }) {
      const late = new AbortController();
      const timer = clock.setTimeout(() => late.abort(), limits.connectMs);
      const ended = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
      try {
        return await openSocket(host, await abortable(vetHost(host, port, vettingFor(trusted)), ended), port, ended);
      } catch (error) {
        if (late.signal.aborted) throw new OutboundError("timeout", "no connection in time", { cause: error });
        throw asOutboundError(error, false);
      } finally {
        timer.cancel();
      }
    },
  };
}

async function readUpTo(body: Dispatcher.ResponseData["body"], limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = chunk as Buffer;
    size += bytes.byteLength;
    if (size > limit) throw new OutboundError("too-large", `the answer is larger than ${limit} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function resolveBySystem(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

/** A name that takes for ever to resolve does not hold the caller. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new OutboundError("stopped", "aborted"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function asOutboundError(error: unknown, written: boolean): OutboundError {
  if (error instanceof OutboundError) return new OutboundError(error.failure, error.message, { cause: error, written });
  const code = codeOf(error);
  if (code === "UND_ERR_CONNECT_TIMEOUT") return new OutboundError("timeout", "no connection in time", { cause: error });
  if (code === "UND_ERR_INVALID_ARG" || error instanceof URIError)
    return new OutboundError("invalid", "the request is not valid", { cause: error });
  return new OutboundError("unreachable", `the request failed${code === "" ? "" : ` (${code})`}`, { cause: error, written });
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
