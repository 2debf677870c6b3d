import type { Buffer } from "node:buffer";
import type { ServerHttp2Stream } from "node:http2";
import type { CallStatus } from "@windfire/protocol";
import type { Answer } from "./answer.ts";
import type { CallConnection, CallEnd, CallInfo } from "./call.ts";
import { readRequest, type Request } from "./request.ts";

/** A call that is being served. */
export interface ActiveCall {
  readonly stream: ServerHttp2Stream;
  readonly info: CallInfo;
  readonly connection: CallConnection;
  readonly answer: Answer;
}

/** What the server does for the calls of every method. */
export interface CallServices<Caller> {
  readonly messageBytes: number;
  /** Who calls; undefined when the call has been refused, with its status sent. Never rejects. */
  admit(call: ActiveCall): Promise<{ readonly caller: Caller } | undefined>;
  /** Ends the call with the status that belongs to an error. */
  fail(call: ActiveCall, error: unknown): void;
}

/** What a kind of method does with its call. */
export interface CallSteps<Caller> {
  onOpen(caller: Caller, request: Request): void;
  onMessage(message: Buffer, caller: Caller, request: Request): void;
  onEnd(how: CallEnd): void;
}

/** Admits the caller, then lets the messages through. Nothing is read from callers that are refused. */
export function runCall<Caller>(call: ActiveCall, steps: CallSteps<Caller>, services: CallServices<Caller>): void {
  let admitted: { readonly caller: Caller } | undefined;
  const request = readRequest(call.stream, services.messageBytes, {
    onMessage: (message) => (admitted === undefined ? undefined : steps.onMessage(message, admitted.caller, request)),
    onEnd: (how) => (admitted === undefined ? undefined : steps.onEnd(how)),
    onError: (error) => services.fail(call, error),
  });
  void services.admit(call).then((admission) => {
    admitted = admission;
    if (admission === undefined || call.answer.ended) return request.stop();
    try {
      steps.onOpen(admission.caller, request);
    } catch (error) {
      services.fail(call, error);
    }
    return call.answer.ended ? request.stop() : request.start();
  });
}

export function finish(call: ActiveCall, status: CallStatus): void {
  call.answer.end(status.code, status.message);
}
