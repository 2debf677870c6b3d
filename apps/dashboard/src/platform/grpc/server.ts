import type { Buffer } from "node:buffer";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Clock } from "@windfire/kit";
import { type CallStatus, STATUS } from "@windfire/protocol";
import { type Answer, createAnswer } from "./answer.ts";
import type { Admission, CallConnection, CallEnd, CallInfo, Method, StreamCall, StreamMethod, UnaryMethod } from "./call.ts";
import { DEADLINE_EXCEEDED, NO_MESSAGE, statusOfFault, SURPRISE } from "./fault.ts";
import { readRequest, type Request } from "./request.ts";
import { isCall, methodOf, timeoutOf } from "./target.ts";

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
  /** Who calls, before any message is looked at. What it throws is a surprise. */
  readonly admit: (call: CallInfo) => Promise<Admission<Caller>> | Admission<Caller>;
  readonly methods: Readonly<Record<string, Method<Caller>>>;
  /** Errors that no status says; the caller is told `internal error`. */
  readonly onError: (error: unknown, call: CallInfo) => void;
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
  /** @param rawHeaders names and values in turn, as they came */
  handle(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: readonly string[], connection: CallConnection): void;
  readonly counters: Readonly<GrpcCounters>;
}

interface Call {
  readonly stream: ServerHttp2Stream;
  readonly info: CallInfo;
  readonly connection: CallConnection;
  readonly answer: Answer;
}

export function createGrpcServer<Caller>(deps: GrpcDeps<Caller>): GrpcServer {
  const counters: GrpcCounters = { calls: 0, refused: 0, badMessages: 0, queueFull: 0, deadlineExceeded: 0, errors: 0 };
  const methods = new Map(Object.entries(deps.methods));
  const answerDeps = { clock: deps.clock, queueBytes: deps.limits.queueBytes, onQueueFull: () => void (counters.queueFull += 1) };

  function fail(call: Call, error: unknown): void {
    const status = statusOfFault(error);
    if (status === undefined) {
      counters.errors += 1;
      deps.onError(error, call.info);
    } else counters.badMessages += 1;
    finish(call, status ?? SURPRISE);
  }

  function limitTime(call: Call, milliseconds: number): void {
    const expire = (): void => {
      if (call.answer.ended) return;
      counters.deadlineExceeded += 1;
      finish(call, DEADLINE_EXCEEDED);
    };
    if (milliseconds < 1) return expire();
    const timer = deps.clock.setTimeout(expire, milliseconds);
    call.stream.once("close", () => timer.cancel());
    return undefined;
  }

  async function admit(call: Call): Promise<{ caller: Caller } | undefined> {
    try {
      const admission = await deps.admit(call.info);
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
  }

  function runUnary(call: Call, method: UnaryMethod<Caller>): void {
    let received = false;
    const answer = async (message: Buffer, caller: Caller): Promise<void> => {
      try {
        const result = await method.handle(message, caller, call.info);
        if (!(result instanceof Uint8Array)) return finish(call, result);
        call.answer.send(result);
        finish(call, { code: STATUS.ok, message: "" });
      } catch (error) {
        fail(call, error);
      }
    };
    run(call, {
      onOpen: () => undefined,
      onMessage(message, caller, request) {
        received = true;
        request.stop();
        void answer(message, caller);
      },
      onEnd: () => (received ? undefined : finish(call, NO_MESSAGE)),
    });
  }

  function runStream(call: Call, method: StreamMethod<Caller>): void {
    const handlers: StreamHandlers = { message: undefined, end: undefined };
    run(call, {
      onOpen: (caller, request) => method.open(streamCall(call, request, handlers), caller),
      onMessage: (message) => handlers.message?.(message),
      onEnd: (how) => handlers.end?.(how),
    });
  }

  /** Admits the caller, then lets the messages through. */
  function run(call: Call, steps: CallSteps<Caller>): void {
    let admitted: { readonly caller: Caller } | undefined;
    const request = readRequest(call.stream, deps.limits.messageBytes, {
      onMessage: (message) => (admitted === undefined ? undefined : steps.onMessage(message, admitted.caller, request)),
      onEnd: (how) => (admitted === undefined ? undefined : steps.onEnd(how)),
      onError: (error) => fail(call, error),
    });
    void admit(call).then((admission) => {
      admitted = admission;
      if (admission === undefined || call.answer.ended) return request.stop();
      try {
        steps.onOpen(admission.caller, request);
      } catch (error) {
        fail(call, error);
      }
      return call.answer.ended ? request.stop() : request.start();
    });
  }

  return {
    counters,
    accepts: isCall,
    handle(stream, headers, rawHeaders, connection) {
      // The runtime reports resets as errors too; `close` and `aborted` say all we need.
      stream.on("error", () => undefined);
      if (headers[":method"] !== "POST") return refuseMethod(stream, headers[":method"] ?? "");
      const answer = createAnswer(stream, answerDeps);
      const name = methodOf(headers, (method) => methods.has(method));
      const method = typeof name === "string" ? methods.get(name) : undefined;
      const info = callInfo(typeof name === "string" ? name : "", rawHeaders, connection);
      const call = { stream, info, connection, answer };
      if (typeof name !== "string" || method === undefined) {
        stream.resume();
        return finish(call, typeof name === "string" ? SURPRISE : name);
      }
      counters.calls += 1;
      const timeout = timeoutOf(headers);
      if (timeout === "malformed") return finish(call, { code: STATUS.internal, message: "malformed grpc-timeout" });
      if (timeout !== undefined) limitTime(call, timeout);
      if (call.answer.ended) return undefined;
      return method.kind === "unary" ? runUnary(call, method) : runStream(call, method);
    },
  };
}

/** What a kind of method does with its call. */
interface CallSteps<Caller> {
  onOpen(caller: Caller, request: Request): void;
  onMessage(message: Buffer, caller: Caller, request: Request): void;
  onEnd(how: CallEnd): void;
}

interface StreamHandlers {
  message: ((message: Buffer) => void) | undefined;
  end: ((how: CallEnd) => void) | undefined;
}

function streamCall(call: Call, request: Request, handlers: StreamHandlers): StreamCall {
  const { stream, answer, info } = call;
  return {
    method: info.method,
    peer: info.peer,
    metadata: (name) => info.metadata(name),
    onMessage: (handle) => void (handlers.message = handle),
    onDrain: (handle) => void stream.on("drain", handle),
    onEnd: (handle) => void (handlers.end = handle),
    send: (message) => answer.send(message),
    unread: () => stream.writableLength,
    pause: () => request.pause(),
    resume: () => request.resume(),
    end(code, text = "") {
      answer.end(code, text);
      request.stop();
    },
  };
}

function finish(call: Call, status: CallStatus): void {
  call.answer.end(status.code, status.message);
}

function callInfo(method: string, rawHeaders: readonly string[], connection: CallConnection): CallInfo {
  return {
    method,
    peer: connection.peer,
    metadata(name) {
      for (let index = 0; index < rawHeaders.length; index += 2) {
        if (rawHeaders[index] === name) return rawHeaders[index + 1];
      }
      return undefined;
    },
  };
}

function refuseMethod(stream: ServerHttp2Stream, method: string): void {
  if (stream.destroyed) return;
  stream.respond({ ":status": 405, allow: "POST", "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" });
  stream.end(`invalid gRPC request method ${JSON.stringify(method)}\n`);
  stream.resume();
}
