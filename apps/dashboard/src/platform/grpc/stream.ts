import { STATUS } from "@windfire/protocol";
import { type ActiveCall, type CallServices, runCall } from "./active-call.ts";
import type { CallEnd, StreamCall, StreamMethod } from "./call.ts";
import type { Request } from "./request.ts";

/** Serves a stream in both directions. */
export function runStream<Caller>(call: ActiveCall, method: StreamMethod<Caller>, services: CallServices<Caller>): void {
  let tellEnd: ((how: CallEnd) => void) | undefined;
  const steps = {
    onOpen: (caller: Caller, request: Request) =>
      method.open(
        streamCall(call, request, (handle) => void (tellEnd = handle)),
        caller,
      ),
    onEnd: (how: CallEnd) => tellEnd?.(how),
  };
  runCall(call, steps, services);
}

function streamCall(call: ActiveCall, request: Request, onEnd: StreamCall["onEnd"]): StreamCall {
  const { stream, answer, info } = call;
  const end: StreamCall["end"] = (code, text = "") => {
    answer.end(code, text);
    request.stop();
  };
  return {
    ...info,
    onMessage: request.onMessage,
    onDrain: (handle) => void stream.on("drain", handle),
    onEnd,
    send: answer.send,
    unread: () => stream.writableLength,
    pause: request.pause,
    resume: request.resume,
    end,
    sendAway(text) {
      stream.session?.close();
      end(STATUS.unavailable, text);
    },
  };
}
