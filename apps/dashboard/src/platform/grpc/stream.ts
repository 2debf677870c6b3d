import type { Buffer } from "node:buffer";
import { STATUS } from "@windfire/protocol";
import { type ActiveCall, type CallServices, runCall } from "./active-call.ts";
import type { CallEnd, CallInfo, SendOutcome, StreamCall, StreamMethod } from "./call.ts";
import type { Request } from "./request.ts";

/** Serves a stream in both directions. */
export function runStream<Caller>(call: ActiveCall, info: CallInfo, method: StreamMethod<Caller>, services: CallServices<Caller>): void {
  let open: OpenStream | undefined;
  const steps = {
    onOpen(caller: Caller, request: Request) {
      open = new OpenStream(call, request);
      method.open(open, caller);
    },
    onEnd: (how: CallEnd) => open?.tellEnd(how),
  };
  runCall(call, info, steps, services);
}

class OpenStream implements StreamCall {
  readonly #call: ActiveCall;
  readonly #request: Request;
  #onEnd: ((how: CallEnd) => void) | undefined;

  constructor(call: ActiveCall, request: Request) {
    this.#call = call;
    this.#request = request;
  }

  onMessage(handle: (message: Buffer) => void): void {
    this.#request.onMessage(handle);
  }

  onDrain(handle: () => void): void {
    this.#call.stream.on("drain", handle);
  }

  onEnd(handle: (how: CallEnd) => void): void {
    this.#onEnd = handle;
  }

  tellEnd(how: CallEnd): void {
    this.#onEnd?.(how);
  }

  send(message: Uint8Array): SendOutcome {
    return this.#call.answer.send(message);
  }

  unread(): number {
    return this.#call.stream.writableLength;
  }

  pause(): void {
    this.#request.pause();
  }

  resume(): void {
    this.#request.resume();
  }

  end(code: number, text = ""): void {
    this.#call.answer.end(code, text);
    this.#request.stop();
  }

  sendAway(text: string): void {
    this.#call.stream.session?.close();
    this.end(STATUS.unavailable, text);
  }
}
