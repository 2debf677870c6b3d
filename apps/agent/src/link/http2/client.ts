import type { Duplex } from "node:stream";
import { ERROR_CODE, Http2Error } from "./errors.ts";
import { createConnectionFrames, goAwayFrame } from "./connection-frames.ts";
import {
  createFrameReader,
  DEFAULT_WINDOW_BYTES,
  FRAME,
  MAX_WINDOW_BYTES,
  numberFrame,
  PREFACE,
  SETTING,
  settingsFrame,
} from "./frames.ts";
import { createFloodGuard } from "./flood-guard.ts";
import type { HeaderField } from "./hpack.ts";
import { createOutgoing } from "./outgoing.ts";
import { createRequests } from "./requests.ts";
import type { Http2Request, RequestEvents } from "./requests.ts";

export interface Http2ClientOptions {
  /** Headers that no proxy may keep. */
  readonly isSecret: (headerName: string) => boolean;
  /** What the other side may send before it has to wait: per request, and in all. */
  readonly windowBytes: number;
  /** What may wait to be sent, in all. */
  readonly maxWaitingBytes: number;
  /** Milliseconds that never go back: the other side may ask for so many answers in a time. */
  readonly monotonic: () => number;
}

/** The client side of one HTTP/2 connection. */
export interface Http2Client {
  /** Undefined when the connection takes no more requests. */
  request(fields: readonly HeaderField[], events: RequestEvents): Http2Request | undefined;
  /** Resolves when the other side answered; never, when it does not. A second call joins the first. */
  ping(): Promise<void>;
  /** Says good-bye, sends what waits and closes. */
  close(): void;
  /** Cuts the connection and ends what is open with this reason. */
  destroy(reason: string): void;
  /** Why the connection ended; pending until it does. */
  readonly closed: Promise<string>;
}

/**
 * HTTP/2 (RFC 9113) as far as a gRPC client needs it, on a connected socket: no server push, no priorities, headers sent
 * as literals. The runtime's own module costs an agent 12 MB more, a quarter of all it may use.
 */
export function createHttp2Client(socket: Duplex, options: Http2ClientOptions): Http2Client {
  const { promise: closed, resolve: setClosed } = Promise.withResolvers<string>();
  const send = createSender(socket);
  const outgoing = createOutgoing(send, () => socket.writableLength, options.maxWaitingBytes);
  const requests = createRequests({ send, outgoing, isSecret: options.isSecret, windowBytes: options.windowBytes });
  const guard = createFloodGuard(options.monotonic);
  const answer = (bytes: Buffer): void => send(bytes, guard.admit());
  const connection = createConnectionFrames(send, answer, outgoing, requests);
  let nextStream = 1;
  let isOver = false;

  const finish = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    requests.closeAbove(0, reason);
    setClosed(reason);
  };
  const fail = (error: unknown): void => {
    send(goAwayFrame(error instanceof Http2Error ? error.code : ERROR_CODE.internal));
    socket.uncork();
    socket.destroy();
    finish(error instanceof Error ? error.message : String(error));
  };
  const reader = createFrameReader(connection.take);
  socket.on("data", (chunk: Buffer) => {
    try {
      if (!isOver) reader.push(chunk);
    } catch (error) {
      fail(error);
    }
  });
  // Whoever had the socket before may have paused it.
  socket.resume();
  socket.on("error", (error) => finish(connection.farewell() ?? error.message));
  socket.on("close", () => finish(connection.farewell() ?? "the connection was closed"));
  send(
    Buffer.concat([
      PREFACE,
      settingsFrame([
        [SETTING.enablePush, 0],
        [SETTING.initialWindowSize, options.windowBytes],
      ]),
    ]),
  );
  send(numberFrame(FRAME.windowUpdate, 0, options.windowBytes - DEFAULT_WINDOW_BYTES));

  return {
    closed,
    request: (fields, events) => {
      if (isOver || connection.farewell() !== undefined || requests.count >= connection.maxRequests() || nextStream > MAX_WINDOW_BYTES)
        return undefined;
      const stream = nextStream;
      nextStream += 2;
      return requests.open(stream, fields, events);
    },
    ping: connection.ping,
    close: () => {
      send(goAwayFrame(ERROR_CODE.none));
      socket.end(() => socket.destroy());
    },
    destroy: (reason) => {
      finish(reason);
      socket.destroy();
    },
  };
}

/** What is sent in one go leaves in one packet. */
function createSender(socket: Duplex): (bytes: Buffer, onGone?: () => void) => void {
  let isCorked = false;
  return (bytes, onGone) => {
    if (!socket.writable) return;
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      queueMicrotask(() => {
        isCorked = false;
        socket.uncork();
      });
    }
    socket.write(bytes, onGone);
  };
}
