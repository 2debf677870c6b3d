import type { Buffer } from "node:buffer";
import type { ServerHttp2Stream } from "node:http2";
import type { ByteBudget } from "@windfire/kit";
import { Inbox, type InboxHandlers } from "./inbox.ts";

/** What one request may hold, and what all together. */
export interface RequestLimits {
  readonly messageBytes: number;
  readonly budget: ByteBudget;
}

/** Who hears how a request goes. */
export type RequestHandlers = Pick<InboxHandlers, "onEnd" | "onError">;

/**
 * The peer's half of one call: cuts the bytes of a stream into messages. Nothing is delivered before `start`. A peer that ends its call with
 * END_STREAM and RST_STREAM in one go is heard to the end: what it sent before the reset is taken out of the stream before the runtime
 * throws it away.
 */
export class Request {
  readonly #stream: ServerHttp2Stream;
  readonly #inbox: Inbox;

  constructor(stream: ServerHttp2Stream, limits: RequestLimits, handlers: RequestHandlers) {
    this.#stream = stream;
    const inbox = new Inbox(limits.messageBytes, limits.budget, {
      onEnd: (how) => handlers.onEnd(how),
      onError(error) {
        handlers.onError(error);
        stream.resume();
      },
      onCaughtUp: () => this.#flow(),
    });
    this.#inbox = inbox;
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
  }

  onMessage(take: (message: Buffer) => void): void {
    this.#inbox.onMessage(take);
  }

  start(): void {
    this.#inbox.start();
    this.#flow();
  }

  pause(): void {
    this.#inbox.pause();
    this.#stream.pause();
  }

  resume(): void {
    this.#inbox.resume();
    this.#flow();
  }

  /** Takes no more messages; what still comes is read and forgotten. */
  stop(): void {
    this.#inbox.stop();
    this.#stream.resume();
  }

  #flow(): void {
    if (this.#inbox.isFlowing && !this.#inbox.isBehind) this.#stream.resume();
  }
}
