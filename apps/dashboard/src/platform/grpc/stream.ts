import { type ActiveCall, type CallServices, runCall } from "./active-call.ts";
import type { CallEnd, StreamCall, StreamMethod } from "./call.ts";
import type { Request } from "./request.ts";

interface Handlers {
  message: ((message: Buffer) => void) | undefined;
  end: ((how: CallEnd) => void) | undefined;
}

/** Serves a stream in both directions. */
export function runStream<Caller>(call: ActiveCall, method: StreamMethod<Caller>, services: CallServices<Caller>): void {
  const handlers: Handlers = { message: undefined, end: undefined };
  const steps = {
    onOpen: (caller: Caller, request: Request) => method.open(streamCall(call, request, handlers), caller),
    onMessage: (message: Buffer) => handlers.message?.(message),
    onEnd: (how: CallEnd) => handlers.end?.(how),
  };
  runCall(call, steps, services);
}

function streamCall({ stream, answer, info }: ActiveCall, request: Request, handlers: Handlers): StreamCall {
  return {
    ...info,
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
