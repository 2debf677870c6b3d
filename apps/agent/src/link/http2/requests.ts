import { ERROR_CODE, Http2Error } from "./errors.ts";
import { contentOf, FLAG, FRAME, frameBytes, numberFrame } from "./frames.ts";
import type { Frame } from "./frames.ts";
import type { HeaderBlock } from "./header-blocks.ts";
import { encodeHeaders } from "./hpack.ts";
import type { HeaderField } from "./hpack.ts";
import type { Outgoing } from "./outgoing.ts";

/** What a request tells its owner, in order; nothing comes after `onClose`. */
export interface RequestEvents {
  /** Response headers, then trailers if there are any. */
  readonly onHeaders: (fields: readonly HeaderField[]) => void;
  /**
   * The bytes are only valid during the call. The other side may send more in their place at once, or when the promise
   * resolves; it must not reject.
   */
  readonly onData: (bytes: Uint8Array) => void | Promise<void>;
  /** @param reset why it was cut off, by either side; undefined after a proper end */
  readonly onClose: (reset: string | undefined) => void;
}

export interface Http2Request {
  /** Sends bytes as soon as the other side has room for them. `"full"`: too much waits already, nothing was taken. */
  write(bytes: Uint8Array): "sent" | "full" | "ended";
  /** Resolves when what was written is on its way, or the request is over. */
  drained(): Promise<void>;
  /** Ends our side after what was written. */
  end(): void;
  /** Cuts the request off. */
  cancel(): void;
}

interface OpenRequest {
  readonly events: RequestEvents;
  /** Bytes received and dealt with that were not yet given back as room. */
  received: number;
  /** Bytes that the other side may still send. */
  room: number;
}

export interface RequestDeps {
  readonly send: (bytes: Buffer) => void;
  readonly outgoing: Outgoing;
  readonly isSecret: (headerName: string) => boolean;
  /** What the other side may send before it has to wait: per request, and in all. */
  readonly windowBytes: number;
}

/** The requests that are open on one connection. */
export interface Requests {
  open(stream: number, fields: readonly HeaderField[], events: RequestEvents): Http2Request;
  onHeaderBlock(block: HeaderBlock): void;
  /** @throws Http2Error when the other side sends more than it has room for: what waits here stays bounded */
  onData(frame: Frame): void;
  close(stream: number, reset: string | undefined): void;
  closeAbove(lastStream: number, reset: string): void;
  readonly count: number;
}

export function createRequests({ send, outgoing, isSecret, windowBytes }: RequestDeps): Requests {
  const open = new Map<number, OpenRequest>();
  let received = 0;
  let sharedRoom = windowBytes;

  const close = (stream: number, reset: string | undefined): void => {
    const request = open.get(stream);
    if (request === undefined) return;
    open.delete(stream);
    outgoing.drop(stream);
    request.events.onClose(reset);
  };
  const endRemote = (stream: number): void => {
    // The other side is done with the request: what we might still say interests nobody.
    if (outgoing.isOpen(stream)) send(numberFrame(FRAME.resetStream, stream, ERROR_CODE.cancel));
    close(stream, undefined);
  };
  /** A request that takes its time must not hold up the others, so what all share is given back at once. */
  const giveSharedRoom = (bytes: number): void => {
    received += bytes;
    if (received * 2 < windowBytes) return;
    send(numberFrame(FRAME.windowUpdate, 0, received));
    sharedRoom += received;
    received = 0;
  };
  const giveRoom = (stream: number, request: OpenRequest, bytes: number): void => {
    request.received += bytes;
    if (request.received * 2 < windowBytes || open.get(stream) !== request) return;
    send(numberFrame(FRAME.windowUpdate, stream, request.received));
    request.room += request.received;
    request.received = 0;
  };

  return {
    open: (stream, fields, events) => {
      open.set(stream, { events, received: 0, room: windowBytes });
      outgoing.open(stream);
      send(frameBytes(FRAME.headers, FLAG.endHeaders, stream, encodeHeaders(fields, isSecret)));
      return {
        write: (bytes) => outgoing.write(stream, bytes),
        drained: () => outgoing.drained(stream),
        end: () => outgoing.end(stream),
        cancel: () => {
          if (open.has(stream)) send(numberFrame(FRAME.resetStream, stream, ERROR_CODE.cancel));
          close(stream, "cancelled");
        },
      };
    },
    onHeaderBlock: ({ stream, endStream, fields }) => {
      if (!isInformational(fields)) open.get(stream)?.events.onHeaders(fields);
      if (endStream) endRemote(stream);
    },
    onData: (frame) => {
      const { stream, payload } = frame;
      const request = open.get(stream);
      // Padding takes room too, and so does data that was on its way when we cut a request off.
      sharedRoom -= payload.length;
      if (request !== undefined) request.room -= payload.length;
      if (sharedRoom < 0 || (request?.room ?? 0) < 0) throw new Http2Error(ERROR_CODE.flowControl, "more data than there was room for");
      giveSharedRoom(payload.length);
      const taken = request?.events.onData(contentOf(frame));
      if (request !== undefined && taken !== undefined) void taken.then(() => giveRoom(stream, request, payload.length));
      else if (request !== undefined) giveRoom(stream, request, payload.length);
      if ((frame.flags & FLAG.endStream) !== 0) endRemote(stream);
    },
    close,
    closeAbove: (lastStream, reset) => {
      for (const stream of open.keys()) if (stream > lastStream) close(stream, reset);
    },
    get count() {
      return open.size;
    },
  };
}

function isInformational(fields: readonly HeaderField[]): boolean {
  return fields.some(([name, value]) => name === ":status" && value.startsWith("1"));
}
