import { Buffer } from "node:buffer";

/** Largest message that either side accepts, in bytes. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Bytes in front of every message: a compressed flag and a 32-bit big-endian length. */
export const PREFIX_BYTES = 5;

const FIRST_CAPACITY = 1024;

export type FramingFault = "too-large" | "compressed";

/** Thrown by `MessageSplitter.next`. `length` is the declared length of the message. */
export class FramingError extends Error {
  readonly fault: FramingFault;
  readonly length: number;

  constructor(fault: FramingFault, length: number) {
    super(fault === "too-large" ? `message of ${length} bytes is too large` : "message is compressed");
    this.name = "FramingError";
    this.fault = fault;
    this.length = length;
  }
}

/** Cuts the bytes of one call into messages. */
export interface MessageSplitter {
  /** Takes bytes as they arrive. Call `next` until it is empty before the next push. */
  push(chunk: Uint8Array): void;
  /**
   * The next whole message, undefined when more bytes are needed. It may be a view into the chunk.
   * @throws FramingError for a message that is compressed or above the limit; the call is lost then
   */
  next(): Buffer | undefined;
  /** True in the middle of a message. */
  unfinished(): boolean;
  /** Bytes pushed that no message has come out of yet. */
  held(): number;
}

/** Holds at most one unfinished message; its memory follows the bytes that arrived, not the length that was declared. */
export function createMessageSplitter(maxBytes: number = MAX_MESSAGE_BYTES): MessageSplitter {
  let chunk: Buffer = Buffer.alloc(0);
  let at = 0;
  let kept: Buffer | undefined;
  let keptLength = 0;

  function keep(bytes: Uint8Array, wanted: number): void {
    const needed = keptLength + bytes.length;
    if (kept === undefined || needed > kept.length) {
      const larger = Buffer.alloc(Math.max(needed, Math.min(wanted, Math.max(FIRST_CAPACITY, needed * 2))));
      if (kept !== undefined) larger.set(kept.subarray(0, keptLength));
      kept = larger;
    }
    kept.set(bytes, keptLength);
    keptLength = needed;
  }

  function take(count: number): boolean {
    const part = chunk.subarray(at, at + Math.max(0, count - keptLength));
    at += part.length;
    keep(part, count);
    return keptLength >= count;
  }

  function resume(): Buffer | undefined {
    if (!take(PREFIX_BYTES) || kept === undefined) return undefined;
    const total = PREFIX_BYTES + checkedLength(kept, 0, maxBytes);
    if (!take(total)) return undefined;
    const message = kept.subarray(PREFIX_BYTES, total);
    kept = undefined;
    keptLength = 0;
    return message;
  }

  return {
    push(bytes) {
      chunk = at < chunk.length ? Buffer.concat([chunk.subarray(at), bytes]) : bufferOf(bytes);
      at = 0;
    },
    next() {
      if (at >= chunk.length) return undefined;
      if (kept !== undefined) return resume();
      const left = chunk.length - at;
      if (left < PREFIX_BYTES) return resume();
      const length = checkedLength(chunk, at, maxBytes);
      if (left < PREFIX_BYTES + length) return resume();
      const start = at + PREFIX_BYTES;
      at = start + length;
      return chunk.subarray(start, at);
    },
    unfinished: () => kept !== undefined || at < chunk.length,
    held: () => keptLength + chunk.length - at,
  };
}

function checkedLength(bytes: Uint8Array, at: number, maxBytes: number): number {
  const length = (((bytes[at + 1] ?? 0) << 24) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0)) >>> 0;
  if (length > maxBytes) throw new FramingError("too-large", length);
  if (bytes[at] !== 0) throw new FramingError("compressed", length);
  return length;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Writes one message of a generated encoder together with its gRPC prefix, without copying it again. */
export function frameMessage<T>(encode: (message: T, headroom: number) => Uint8Array, message: T): Uint8Array {
  const frame = encode(message, PREFIX_BYTES);
  const length = frame.length - PREFIX_BYTES;
  frame[1] = length >>> 24;
  frame[2] = length >>> 16;
  frame[3] = length >>> 8;
  frame[4] = length;
  return frame;
}
