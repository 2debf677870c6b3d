import { Buffer } from "node:buffer";
import { constants, type ServerHttp2Stream } from "node:http2";
import type { Clock } from "@windfire/kit";
import { encodeStatusMessage, PREFIX_BYTES } from "@windfire/protocol";
import type { SendOutcome } from "./call.ts";

/** Calls have their trailers declared, as the reference does. */
const BASE_HEADERS = {
  ":status": 200,
  "content-type": "application/grpc",
  trailer: "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin",
} as const;

/** From this size on a message is written beside its prefix instead of being copied behind it. */
const COPY_BELOW_BYTES = 16 * 1024;
/** How often to look whether trailers have left: in the next turns, then at this interval, then not again (the connection is stuck). */
const QUICK_ATTEMPTS = 4;
const RETRY_MS = 100;
const MAX_ATTEMPTS = 100;

export interface AnswerDeps {
  readonly clock: Clock;
  /** Most bytes that may wait for a peer that does not read. One message always fits. */
  readonly queueBytes: number;
  readonly onQueueFull: () => void;
  /** Sent with every answer beside those that gRPC needs. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The dashboard's half of one call. Sends response headers with the first message or with the status, never before and never as trailers
 * alone; then RST_STREAM NO_ERROR if the peer has not half-closed (spec 20 section 1, "Response shape").
 */
export class Answer {
  readonly #stream: ServerHttp2Stream;
  readonly #deps: AnswerDeps;
  #ended = false;

  constructor(stream: ServerHttp2Stream, deps: AnswerDeps) {
    this.#stream = stream;
    this.#deps = deps;
  }

  get ended(): boolean {
    return this.#ended;
  }

  send(message: Uint8Array): SendOutcome {
    const stream = this.#stream;
    if (this.#ended || stream.closed || stream.destroyed) return "closed";
    const waiting = stream.writableLength;
    if (waiting > 0 && waiting + message.length > this.#deps.queueBytes) {
      this.#ended = true;
      this.#deps.onQueueFull();
      stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      return "full";
    }
    this.#begin();
    writeMessage(stream, message);
    return "sent";
  }

  end(code: number, text: string): void {
    if (this.#ended) return;
    this.#ended = true;
    const stream = this.#stream;
    if (stream.closed || stream.destroyed) return;
    this.#begin();
    stream.once("wantTrailers", () => {
      stream.sendTrailers(
        text === "" ? { "grpc-status": String(code) } : { "grpc-status": String(code), "grpc-message": encodeStatusMessage(text) },
      );
      setImmediate(() => closeWhenSent(stream, this.#deps.clock));
    });
    stream.end();
  }

  #begin(): void {
    if (!this.#stream.headersSent) this.#stream.respond({ ...BASE_HEADERS, ...this.#deps.headers }, { waitForTrailers: true });
  }
}

function writeMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  const { length } = message;
  const isSmall = length < COPY_BELOW_BYTES;
  const prefix = Buffer.allocUnsafe(isSmall ? PREFIX_BYTES + length : PREFIX_BYTES);
  prefix[0] = 0;
  prefix.writeUInt32BE(length, 1);
  if (isSmall) {
    prefix.set(message, PREFIX_BYTES);
    stream.write(prefix);
    return;
  }
  stream.cork();
  stream.write(prefix);
  stream.write(message);
  stream.uncork();
}

/**
 * Resets the stream once its trailers have left; a reset before would take their place. They leave within a turn or two of the event
 * loop unless the connection is congested.
 */
function closeWhenSent(stream: ServerHttp2Stream, clock: Clock, attempt = 0): void {
  if (stream.closed || stream.destroyed || attempt > MAX_ATTEMPTS) return;
  const next = (): void => closeWhenSent(stream, clock, attempt + 1);
  if (stream.state.localClose === 1) stream.close(constants.NGHTTP2_NO_ERROR);
  else if (attempt < QUICK_ATTEMPTS) setImmediate(next);
  else clock.setTimeout(next, RETRY_MS).unref();
}
