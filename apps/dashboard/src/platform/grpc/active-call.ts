import type { ServerHttp2Stream } from "node:http2";
import type { CallStatus } from "@windfire/protocol";
import type { Answer } from "./answer.ts";
import type { CallConnection, CallEnd, CallHead, CallInfo } from "./call.ts";
import { Request, type RequestLimits } from "./request.ts";

/** A call that is being served. */
export interface ActiveCall {
  readonly stream: ServerHttp2Stream;
  readonly head: CallHead;
  readonly connection: CallConnection;
  readonly answer: Answer;
}

/** What the server does for the calls of every method. */
export interface CallServices<Caller> {
  readonly limits: RequestLimits;
  /** Who calls; undefined when the call has been refused, with its status sent. Never rejects. */
  admit(call: ActiveCall, info: CallInfo): Promise<{ readonly caller: Caller } | undefined>;
  /** Ends the call with the status that belongs to an error. */
  fail(call: ActiveCall, error: unknown): void;
}

/** What a kind of method does with its call. */
export interface CallSteps<Caller> {
  /** Says who takes the messages of the request. */
  onOpen(caller: Caller, request: Request): void;
  onEnd(how: CallEnd): void;
}

/** Admits the caller, then lets the messages through. Nothing is read from callers that are refused. */
export function runCall<Caller>(call: ActiveCall, info: CallInfo, steps: CallSteps<Caller>, services: CallServices<Caller>): void {
  let isOpen = false;
  const request = new Request(call.stream, services.limits, {
    onEnd: (how) => (isOpen ? steps.onEnd(how) : undefined),
    onError: (error) => services.fail(call, error),
  });
  void services.admit(call, info).then((admission) => {
    if (admission === undefined || call.answer.ended) return request.stop();
    isOpen = true;
    try {
      steps.onOpen(admission.caller, request);
      return call.answer.ended ? request.stop() : request.start();
    } catch (error) {
      services.fail(call, error);
      return request.stop();
    }
  });
}

export function finish(call: ActiveCall, status: CallStatus): void {
  call.answer.end(status.code, status.message);
}
