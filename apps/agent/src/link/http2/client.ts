import type { Duplex } from "node:stream";
import { ERROR_CODE, Http2Error } from "./errors.ts";
import type { ErrorCode } from "./errors.ts";
import {
  createFrameReader,
  DEFAULT_WINDOW_BYTES,
  FLAG,
  FRAME,
  frameBytes,
  MAX_WINDOW_BYTES,
  numberFrame,
  PREFACE,
  readSettings,
  readUint32,
  SETTING,
  settingsFrame,
} from "./frames.ts";
import type { Frame } from "./frames.ts";
import { createFloodGuard } from "./flood-guard.ts";
import { createHeaderBlocks } from "./header-blocks.ts";
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

const PING_BYTES = 8;

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

interface ConnectionFrames {
  take(frame: Frame): void;
  ping(): Promise<void>;
  /** What the other side said when it announced the end; undefined before. */
  farewell(): string | undefined;
  maxRequests(): number;
}

/** Sorts frames: those of a request go to it, those of the connection are answered here. */
function createConnectionFrames(
  send: (bytes: Buffer) => void,
  answer: (bytes: Buffer) => void,
  outgoing: ReturnType<typeof createOutgoing>,
  requests: ReturnType<typeof createRequests>,
): ConnectionFrames {
  const blocks = createHeaderBlocks();
  let waitingPing: PromiseWithResolvers<void> | undefined;
  let farewell: string | undefined;
  let maxRequests = Number.POSITIVE_INFINITY;

  const onSettings = (frame: Frame): void => {
    if ((frame.flags & FLAG.ack) !== 0) return;
    for (const [id, value] of readSettings(frame)) {
      if (id === SETTING.maxConcurrentStreams) maxRequests = value;
      if (id === SETTING.initialWindowSize) outgoing.setInitialRoom(value);
    }
    answer(frameBytes(FRAME.settings, FLAG.ack, 0));
  };
  const onPing = ({ flags, payload }: Frame): void => {
    if (payload.length !== PING_BYTES) throw new Http2Error(ERROR_CODE.frameSize, "ping of a wrong size");
    if ((flags & FLAG.ack) === 0) answer(frameBytes(FRAME.ping, FLAG.ack, 0, payload));
    else {
      waitingPing?.resolve();
      waitingPing = undefined;
    }
  };
  const onGoAway = ({ payload }: Frame): void => {
    const code = readUint32(payload, 4);
    farewell =
      code === ERROR_CODE.none ? "the dashboard closed the connection" : `the dashboard closed the connection (HTTP/2 error ${code})`;
    requests.closeAbove(readUint32(payload, 0) & MAX_WINDOW_BYTES, farewell);
  };
  const onPush = (): never => {
    throw new Http2Error(ERROR_CODE.protocol, "push is switched off");
  };
  const handlers: Readonly<Record<number, (frame: Frame) => void>> = {
    [FRAME.data]: requests.onData,
    [FRAME.resetStream]: ({ stream, payload }) => requests.close(stream, `the call was reset (HTTP/2 error ${readUint32(payload, 0)})`),
    [FRAME.settings]: onSettings,
    [FRAME.pushPromise]: onPush,
    [FRAME.ping]: onPing,
    [FRAME.goAway]: onGoAway,
    [FRAME.windowUpdate]: ({ stream, payload }) => outgoing.addRoom(stream, readUint32(payload, 0) & MAX_WINDOW_BYTES),
  };

  return {
    take: (frame) => {
      const block = blocks.take(frame);
      if (block !== undefined) requests.onHeaderBlock(block);
      else handlers[frame.type]?.(frame);
    },
    ping: () => {
      if (waitingPing === undefined) {
        waitingPing = Promise.withResolvers<void>();
        send(frameBytes(FRAME.ping, 0, 0, new Uint8Array(PING_BYTES)));
      }
      return waitingPing.promise;
    },
    farewell: () => farewell,
    maxRequests: () => maxRequests,
  };
}

function goAwayFrame(code: ErrorCode): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(code, 4);
  return frameBytes(FRAME.goAway, 0, 0, payload);
}
