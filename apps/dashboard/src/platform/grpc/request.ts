import type { Buffer } from "node:buffer";
import type { ServerHttp2Stream } from "node:http2";
import { createMessageSplitter } from "@windfire/protocol";
import type { CallEnd } from "./call.ts";
import { RequestCutShort } from "./fault.ts";

/** The peer's half of one call. Nothing is delivered before `start`. */
export interface Request {
  start(): void;
  pause(): void;
  resume(): void;
  /** Takes no more messages; what still comes is read and forgotten. */
  stop(): void;
}

export interface RequestHandlers {
  onMessage(message: Buffer): void;
  /** Called once: after the last message, or after `stop` when the stream is over. Not before `start`. */
  onEnd(how: CallEnd): void;
  /** `onMessage` threw, the framing is broken, or the request ended inside a message. The request has been stopped. */
  onError(error: unknown): void;
}

/**
 * Cuts the bytes of a stream into messages. A peer that ends its call with END_STREAM and RST_STREAM in one go is heard to the end: what
 * it sent before the reset is taken out of the stream before the runtime throws it away.
 */
export function readRequest(stream: ServerHttp2Stream, maxMessageBytes: number, handlers: RequestHandlers): Request {
  const splitter = createMessageSplitter(maxMessageBytes);
  const waiting: Buffer[] = [];
  let started = false;
  let paused = false;
  let stopped = false;
  let pumping = false;
  let end: CallEnd | undefined;
  let told = false;

  function pump(): void {
    if (!started || pumping || paused || stopped) return;
    pumping = true;
    try {
      deliver();
    } catch (error) {
      fail(error);
    } finally {
      pumping = false;
    }
    if (!paused && !stopped) finish();
  }

  function deliver(): void {
    while (!paused && !stopped) {
      const message = splitter.next();
      if (message !== undefined) {
        handlers.onMessage(message);
        continue;
      }
      const chunk = waiting.shift();
      if (chunk === undefined) return;
      splitter.push(chunk);
    }
  }

  /** Everything that came has been delivered. */
  function finish(): void {
    if (end === "half-close" && splitter.unfinished()) fail(new RequestCutShort());
    else if (end !== undefined) stop();
  }

  function fail(error: unknown): void {
    end = "cancelled";
    stopped = true;
    handlers.onError(error);
    stop();
  }

  function stop(): void {
    stopped = true;
    waiting.length = 0;
    stream.resume();
    tellEnd();
  }

  function tellEnd(): void {
    if (told || end === undefined) return;
    told = true;
    handlers.onEnd(end);
  }

  function ended(how: CallEnd): void {
    end ??= stopped ? "cancelled" : how;
    if (stopped) tellEnd();
    else if (!started) return;
    else if (waiting.length === 0 && !splitter.unfinished() && !pumping) finish();
    else pump();
  }

  stream.pause();
  stream.on("data", (chunk: Buffer) => {
    if (stopped) return;
    waiting.push(chunk);
    pump();
  });
  stream.on("end", () => ended("half-close"));
  stream.on("aborted", () => {
    while (stream.read() !== null);
    ended("cancelled");
  });
  stream.on("close", () => ended("cancelled"));

  function flow(): void {
    if (!started || paused || stopped) return;
    stream.resume();
    pump();
  }

  return {
    start() {
      started = true;
      flow();
    },
    pause() {
      paused = true;
      stream.pause();
    },
    resume() {
      paused = false;
      flow();
    },
    stop,
  };
}
