import { ERROR_CODE, Http2Error } from "./errors.ts";

/** Frame types of RFC 9113 section 6. */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const FLAG = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

export const SETTING = { enablePush: 2, maxConcurrentStreams: 3, initialWindowSize: 4, maxFrameSize: 5 } as const;

/** What a connection starts with, and the smallest limits that either side may set. */
export const DEFAULT_WINDOW_BYTES = 65_535;
export const MAX_FRAME_BYTES = 16_384;
export const MAX_WINDOW_BYTES = 2 ** 31 - 1;

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

const HEADER_BYTES = 9;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  /** Valid until the next bytes come. */
  readonly payload: Uint8Array;
}

export function frameBytes(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** One 32-bit number as the payload of a frame. */
export function numberFrame(type: number, stream: number, value: number): Buffer {
  const payload = Buffer.allocUnsafe(4);
  payload.writeUInt32BE(value);
  return frameBytes(type, 0, stream, payload);
}

export function settingsFrame(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(settings.length * 6);
  for (const [index, [id, value]] of settings.entries()) {
    payload.writeUInt16BE(id, index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  }
  return frameBytes(FRAME.settings, 0, 0, payload);
}

/** @throws Http2Error when the payload is no list of settings */
export function readSettings({ payload }: Frame): [id: number, value: number][] {
  if (payload.length % 6 !== 0) throw new Http2Error(ERROR_CODE.frameSize, "settings are cut short");
  const settings: [number, number][] = [];
  for (let at = 0; at < payload.length; at += 6)
    settings.push([((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0), readUint32(payload, at + 2)]);
  return settings;
}

/** @throws Http2Error when there are fewer than four bytes */
export function readUint32(bytes: Uint8Array, at: number): number {
  if (bytes.length < at + 4) throw new Http2Error(ERROR_CODE.frameSize, "frame is cut short");
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** The payload without padding and priority. @throws Http2Error when there is more padding than payload */
export function contentOf({ type, flags, payload }: Frame): Uint8Array {
  let start = 0;
  let end = payload.length;
  if ((flags & FLAG.padded) !== 0) {
    start = 1;
    end -= payload[0] ?? 0;
  }
  if (type === FRAME.headers && (flags & FLAG.priority) !== 0) start += 5;
  if (start > end) throw new Http2Error(ERROR_CODE.protocol, "more padding than payload");
  return payload.subarray(start, end);
}

/** Cuts the bytes of a connection into frames. */
export interface FrameReader {
  /** Calls `onFrame` for every frame that is complete. @throws Http2Error for a frame above the limit */
  push(chunk: Uint8Array): void;
}

export function createFrameReader(onFrame: (frame: Frame) => void): FrameReader {
  let rest: Uint8Array = new Uint8Array(0);
  return {
    push: (chunk) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (bytes.length - at >= HEADER_BYTES) {
        const length = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
        if (length > MAX_FRAME_BYTES) throw new Http2Error(ERROR_CODE.frameSize, `frame of ${length} bytes`);
        const end = at + HEADER_BYTES + length;
        if (end > bytes.length) break;
        onFrame({
          type: bytes[at + 3] ?? 0,
          flags: bytes[at + 4] ?? 0,
          stream: readUint32(bytes, at + 5) & MAX_WINDOW_BYTES,
          payload: bytes.subarray(at + HEADER_BYTES, end),
        });
        at = end;
      }
      rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : new Uint8Array(0);
    },
  };
}
