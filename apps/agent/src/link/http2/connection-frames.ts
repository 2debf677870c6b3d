import { ERROR_CODE, Http2Error } from "./errors.ts";
import type { ErrorCode } from "./errors.ts";
import { FLAG, FRAME, frameBytes, MAX_WINDOW_BYTES, readSettings, readUint32, SETTING } from "./frames.ts";
import type { Frame } from "./frames.ts";
import { createHeaderBlocks } from "./header-blocks.ts";
import type { createOutgoing } from "./outgoing.ts";
import type { createRequests } from "./requests.ts";

const PING_BYTES = 8;

/** What comes on a connection, and what it says of itself. */
export interface ConnectionFrames {
  take(frame: Frame): void;
  ping(): Promise<void>;
  /** What the other side said when it announced the end; undefined before. */
  farewell(): string | undefined;
  maxRequests(): number;
}

/** Sorts frames: those of a request go to it, those of the connection are answered here. */
export function createConnectionFrames(
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

/** Good-bye, with why (RFC 9113 section 6.8). */
export function goAwayFrame(code: ErrorCode): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(code, 4);
  return frameBytes(FRAME.goAway, 0, 0, payload);
}
