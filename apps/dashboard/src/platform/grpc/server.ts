import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { ByteBudget, Clock } from "@windfire/kit";
import { type ActiveCall, type CallServices, finish } from "./active-call.ts";
import { Answer } from "./answer.ts";
import type { Admission, CallConnection, CallHead, CallInfo, Method } from "./call.ts";
import { BAD_TIMEOUT, DEADLINE_EXCEEDED, statusOfFault, SURPRISE } from "./fault.ts";
import { runStream } from "./stream.ts";
import { isCall, methodOf, timeoutOf } from "./target.ts";
import { runUnary } from "./unary.ts";

/** Sizes in bytes. */
export interface GrpcLimits {
  /** Largest message received. */
  readonly messageBytes: number;
  /** What may wait for one peer that does not read; past it the call is reset. */
  readonly queueBytes: number;
}

export interface GrpcDeps<Caller> {
  readonly clock: Clock;
  readonly limits: GrpcLimits;
  /** Sent with every answer beside those that gRPC needs. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What messages that are being received may take, with whatever else counts there. */
  readonly budget: ByteBudget;
  /** Who calls, before any message is looked at. What it throws is a surprise. */
  readonly admit: (call: CallInfo) => Promise<Admission<Caller>> | Admission<Caller>;
  readonly methods: Readonly<Record<string, Method<Caller>>>;
  /** Errors that no status says; the caller is told `internal error`. */
  readonly onError: (error: unknown, call: CallHead) => void;
}

export interface GrpcCounters {
  /** Calls of known methods. */
  calls: number;
  /** Calls that `admit` refused. */
  refused: number;
  /** Calls ended by a message that is no message, or too large. */
  badMessages: number;
  /** Calls reset because their peer did not read. */
  queueFull: number;
  deadlineExceeded: number;
  errors: number;
}

/** Takes over HTTP/2 streams that carry calls of the agents' service. Knows no method by name. */
export interface GrpcServer {
  /** Whether a request is for this server. */
  accepts(headers: IncomingHttpHeaders): boolean;
  /**
   * @param stream whoever hands it over hears its errors: the runtime reports resets as such, and `close` and `aborted` say all that is needed here
   * @param rawHeaders names and values in turn, as they came
   */
  handle(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: readonly string[], connection: CallConnection): void;
  readonly counters: Readonly<GrpcCounters>;
}

export function createGrpcServer<Caller>(deps: GrpcDeps<Caller>): GrpcServer {
  const counters: GrpcCounters = { calls: 0, refused: 0, badMessages: 0, queueFull: 0, deadlineExceeded: 0, errors: 0 };
  const methods = new Map(Object.entries(deps.methods));
  const services = createServices(deps, counters);
  const answerDeps = {
    clock: deps.clock,
    queueBytes: deps.limits.queueBytes,
    headers: deps.headers ?? {},
    onQueueFull: () => void (counters.queueFull += 1),
  };

  function serve(call: ActiveCall, info: CallInfo, headers: IncomingHttpHeaders): void {
    const method = methods.get(info.method);
    if (method === undefined) return finish(call, SURPRISE);
    counters.calls += 1;
    const timeout = timeoutOf(headers);
    if (timeout === "malformed") return finish(call, BAD_TIMEOUT);
    if (timeout !== undefined) limitTime(call, timeout, deps.clock, counters);
    if (call.answer.ended) return undefined;
    return method.kind === "unary" ? runUnary(call, info, method, services) : runStream(call, info, method, services);
  }

  return {
    counters,
    accepts: isCall,
    handle(stream, headers, rawHeaders, connection) {
      if (headers[":method"] !== "POST") return refuseMethod(stream, headers[":method"] ?? "");
      const answer = new Answer(stream, answerDeps);
      const method = methodOf(headers, (name) => methods.has(name));
      if (typeof method === "string") {
        const head = { method, peer: connection.peer };
        return serve({ stream, head, connection, answer }, withHeaders(head, rawHeaders), headers);
      }
      stream.resume();
      return answer.end(method.code, method.message);
    },
  };
}

function createServices<Caller>(deps: GrpcDeps<Caller>, counters: GrpcCounters): CallServices<Caller> {
  function fail(call: ActiveCall, error: unknown): void {
    const status = statusOfFault(error, deps.methods[call.head.method]?.kind ?? "unary");
    if (status === undefined) {
      counters.errors += 1;
      deps.onError(error, call.head);
    } else counters.badMessages += 1;
    finish(call, status ?? SURPRISE);
  }

  return {
    limits: { messageBytes: deps.limits.messageBytes, budget: deps.budget },
    fail,
    async admit(call, info) {
      try {
        const admission = await deps.admit(info);
        if ("caller" in admission) {
          call.connection.trust();
          return admission;
        }
        counters.refused += 1;
        finish(call, admission.refused);
      } catch (error) {
        fail(call, error);
      }
      return undefined;
    },
  };
}

function limitTime(call: ActiveCall, milliseconds: number, clock: Clock, counters: GrpcCounters): void {
  const expire = (): void => {
    if (call.answer.ended) return;
    counters.deadlineExceeded += 1;
    finish(call, DEADLINE_EXCEEDED);
  };
  if (milliseconds < 1) return expire();
  const timer = clock.setTimeout(expire, milliseconds);
  call.stream.once("close", () => timer.cancel());
  return undefined;
}

function withHeaders(head: CallHead, rawHeaders: readonly string[]): CallInfo {
  return {
    ...head,
    metadata(name) {
      for (let index = 0; index < rawHeaders.length; index += 2) {
        if (rawHeaders[index] === name) return rawHeaders[index + 1];
      }
      return undefined;
    },
  };
}

function refuseMethod(stream: ServerHttp2Stream, method: string): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ":status": 405, allow: "POST", "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" });
  stream.end(`invalid gRPC request method ${JSON.stringify(method)}\n`);
  stream.resume();
}
