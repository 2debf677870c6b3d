import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";

/** One HTTP/2 frame as it is on the wire. Header blocks are not decoded. */
export interface Http2Frame {
  readonly type: Http2FrameType;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

const TYPES = ["data", "headers", "priority", "reset", "settings", "push", "ping", "goaway", "window", "continuation"] as const;
export type Http2FrameType = (typeof TYPES)[number];

export const HTTP2_PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const END_STREAM = 1;
const END_HEADERS = 4;

/** A client that says exactly what a test tells it to, frame by frame, and hears every frame. Acknowledges nothing by itself. */
export interface Http2Peer {
  readonly socket: Socket;
  /** Every frame received so far. */
  readonly frames: readonly Http2Frame[];
  /** Writes frames in one go. */
  write(...frames: readonly Buffer[]): void;
  /** The first frame, received already or later, that matches. Rejects when the connection closes before. */
  frame(matches: (frame: Http2Frame) => boolean): Promise<Http2Frame>;
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
  destroy(): void;
}

/** Connects, writes the preface and an empty SETTINGS frame. */
export async function connectHttp2Peer(port: number, settings: Buffer = frameOf("settings", 0, 0)): Promise<Http2Peer> {
  const socket = connect(port, "127.0.0.1");
  const frames: Http2Frame[] = [];
  const waiting = new Set<() => void>();
  let rest: Buffer = Buffer.alloc(0);
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let length = wholeFrame(rest); length !== undefined; length = wholeFrame(rest)) {
      frames.push(parseFrame(rest.subarray(0, length)));
      rest = rest.subarray(length);
    }
    for (const look of waiting) look();
  });
  const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  await new Promise<void>((resolve) => void socket.once("connect", resolve));
  socket.write(Buffer.concat([Buffer.from(HTTP2_PREFACE), settings]));
  return {
    socket,
    frames,
    closed,
    write: (...list) => void socket.write(Buffer.concat(list)),
    destroy: () => void socket.destroy(),
    frame(matches) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const found = frames.find(matches);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        void closed.then(() => reject(new Error("the connection closed before the frame came")));
        look();
      });
    },
  };
}

function wholeFrame(bytes: Buffer): number | undefined {
  if (bytes.length < 9) return undefined;
  const length = 9 + bytes.readUIntBE(0, 3);
  return bytes.length < length ? undefined : length;
}

function parseFrame(bytes: Buffer): Http2Frame {
  return { type: TYPES[bytes[3] ?? 0] ?? "data", flags: bytes[4] ?? 0, stream: bytes.readUInt32BE(5), payload: bytes.subarray(9) };
}

export function frameOf(type: Http2FrameType, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = TYPES.indexOf(type);
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HEADERS with everything in it; the request goes on unless `end`. */
export function headersFrame(stream: number, headers: Readonly<Record<string, string>>, end = false): Buffer {
  return frameOf("headers", END_HEADERS | (end ? END_STREAM : 0), stream, headerBlock(headers));
}

export function dataFrame(stream: number, payload: Uint8Array, end = false): Buffer {
  return frameOf("data", end ? END_STREAM : 0, stream, Buffer.from(payload));
}

export function resetFrame(stream: number, code: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(code);
  return frameOf("reset", 0, stream, payload);
}

/** HPACK literals without indexing and without Huffman code. */
export function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(Object.entries(headers).flatMap(([name, value]) => [Buffer.of(0), hpackText(name), hpackText(value)]));
}

function hpackText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length: number[] = [];
  if (bytes.length < 127) length.push(bytes.length);
  else {
    length.push(127);
    let rest = bytes.length - 127;
    for (; rest > 127; rest = Math.floor(rest / 128)) length.push((rest % 128) | 0x80);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}
