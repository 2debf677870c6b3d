import type { Buffer } from "node:buffer";
import type { ServerHttp2Stream } from "node:http2";
import type { ByteBudget } from "@windfire/kit";
import type { CallEnd } from "./call.ts";
import { Inbox, type InboxHandlers } from "./inbox.ts";

/** The peer's half of one call. Nothing is delivered before `start`. */
export interface Request {
  onMessage(take: (message: Buffer) => void): void;
  start(): void;
  pause(): void;
  resume(): void;
  /** Takes no more messages; what still comes is read and forgotten. */
  stop(): void;
}

/** What one request may hold, and what all together. */
export interface RequestLimits {
  readonly messageBytes: number;
  readonly budget: ByteBudget;
}

/**
 * Cuts the bytes of a stream into messages. A peer that ends its call with END_STREAM and RST_STREAM in one go is heard to the end: what
 * it sent before the reset is taken out of the stream before the runtime throws it away.
 */
export function readRequest(stream: ServerHttp2Stream, limits: RequestLimits, handlers: InboxHandlers): Request {
  const flow = (): void => {
    if (inbox.isFlowing && !inbox.isBehind) stream.resume();
  };
  const taker = {
    onEnd: (how: CallEnd) => handlers.onEnd(how),
    onError(error: unknown) {
      handlers.onError(error);
      stream.resume();
    },
  };
  const inbox = new Inbox(limits.messageBytes, limits.budget, taker, flow);
  stream.pause();
  stream.on("data", (chunk: Buffer) => {
    inbox.push(chunk);
    if (inbox.isBehind) stream.pause();
  });
  stream.on("end", () => inbox.end("half-close"));
  stream.on("aborted", () => {
    while (stream.read() !== null);
    inbox.end("cancelled");
  });
  stream.on("close", () => inbox.end("cancelled"));

  return {
    onMessage: (take) => inbox.onMessage(take),
    start() {
      inbox.start();
      flow();
    },
    pause() {
      inbox.pause();
      stream.pause();
    },
    resume() {
      inbox.resume();
      flow();
    },
    stop() {
      inbox.stop();
      stream.resume();
    },
  };
}
