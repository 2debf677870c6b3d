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

export function createMessageSplitter(maxBytes: number = MAX_MESSAGE_BYTES): MessageSplitter {
  return new Splitter(maxBytes);
}

const NOTHING = Buffer.alloc(0);

/**
 * Holds at most one unfinished message; its memory follows the bytes that arrived, not the length that was declared. Between messages it
 * holds nothing: a stream that waits for months would keep what came last.
 */
class Splitter implements MessageSplitter {
  readonly #maxBytes: number;
  #chunk: Buffer = NOTHING;
  #at = 0;
  #kept: Buffer | undefined;
  #keptLength = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(bytes: Uint8Array): void {
    this.#chunk = this.#at < this.#chunk.length ? Buffer.concat([this.#chunk.subarray(this.#at), bytes]) : bufferOf(bytes);
    this.#at = 0;
  }

  next(): Buffer | undefined {
    const left = this.#chunk.length - this.#at;
    if (left <= 0) {
      this.#chunk = NOTHING;
      this.#at = 0;
      return undefined;
    }
    if (this.#kept !== undefined || left < PREFIX_BYTES) return this.#resume();
    const length = checkedLength(this.#chunk, this.#at, this.#maxBytes);
    if (left < PREFIX_BYTES + length) return this.#resume();
    const start = this.#at + PREFIX_BYTES;
    this.#at = start + length;
    return this.#chunk.subarray(start, this.#at);
  }

  unfinished(): boolean {
    return this.#kept !== undefined || this.#at < this.#chunk.length;
  }

  held(): number {
    return this.#keptLength + this.#chunk.length - this.#at;
  }

  #resume(): Buffer | undefined {
    if (!this.#take(PREFIX_BYTES) || this.#kept === undefined) return undefined;
    const total = PREFIX_BYTES + checkedLength(this.#kept, 0, this.#maxBytes);
    if (!this.#take(total)) return undefined;
    const message = this.#kept.subarray(PREFIX_BYTES, total);
    this.#kept = undefined;
    this.#keptLength = 0;
    return message;
  }

  #take(count: number): boolean {
    const part = this.#chunk.subarray(this.#at, this.#at + Math.max(0, count - this.#keptLength));
    this.#at += part.length;
    this.#keep(part, count);
    return this.#keptLength >= count;
  }

  #keep(bytes: Uint8Array, wanted: number): void {
    const needed = this.#keptLength + bytes.length;
    if (this.#kept === undefined || needed > this.#kept.length) {
      const larger = Buffer.alloc(Math.max(needed, Math.min(wanted, Math.max(FIRST_CAPACITY, needed * 2))));
      if (this.#kept !== undefined) larger.set(this.#kept.subarray(0, this.#keptLength));
      this.#kept = larger;
    }
    this.#kept.set(bytes, this.#keptLength);
    this.#keptLength = needed;
  }
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
