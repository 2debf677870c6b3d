import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** What the runtime says of a request that its parser does not take. */
export interface ParserFault extends NodeJS.ErrnoException {
  /** The bytes that were being read, and how many of them were fine. */
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

const [BLANK, LETTER_A, LETTER_Z] = [0x20, 0x41, 0x5a];
const BEYOND_ASCII = /[\x80-\xff]/g;

/**
 * The bytes of a request whose target has raw bytes beyond ASCII, with these in their percent-encoded form: what a client means that
 * writes them as they are. They begin with the request's method. Undefined for any other fault.
 */
export function withEncodedTarget({ code, rawPacket, bytesParsed = 0 }: ParserFault): Buffer | undefined {
  if (code !== "HPE_INVALID_URL" || rawPacket === undefined || (rawPacket[bytesParsed] ?? 0) < 0x80) return undefined;
  const begin = beginOfRequest(rawPacket, bytesParsed);
  if (begin === undefined) return undefined;
  const text = rawPacket.toString("latin1");
  const end = /[ \r\n]/.exec(text.slice(bytesParsed));
  const targetEnd = end === null ? text.length : bytesParsed + end.index;
  const line = text.slice(begin, targetEnd);
  return Buffer.from(encodeBytes(line) + text.slice(targetEnd), "latin1");
}

/** Where a method, a blank and the part of a target begin that was read before `end`; looked for backwards, each byte once. */
function beginOfRequest(packet: Buffer, end: number): number | undefined {
  const isIn = (at: number, first: number, last: number): boolean => (packet[at] ?? 0) >= first && (packet[at] ?? 0) <= last;
  let blank = end - 1;
  while (isIn(blank, 0x21, 0x7e)) blank--;
  let begin = blank;
  while (isIn(begin - 1, LETTER_A, LETTER_Z)) begin--;
  return packet[blank] === BLANK && begin < blank ? begin : undefined;
}

/** Characters of U+0080 to U+00FF as the percent-encoded bytes that they stand for. */
export function encodeBytes(latin1: string): string {
  return latin1.replace(BEYOND_ASCII, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A connection that goes on with other bytes than came: those first, then whatever else the peer sends. */
export class RepairedSocket extends Duplex {
  readonly #below: Socket;

  constructor(below: Socket, first: Buffer) {
    super({ allowHalfOpen: true });
    this.#below = below;
    // Whoever read before is done with it.
    for (const event of ["data", "end", "drain", "timeout"]) below.removeAllListeners(event);
    this.push(first);
    below.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) below.pause();
    });
    below.on("end", () => this.push(null));
    below.on("close", () => this.destroy());
  }

  get remoteAddress(): string | undefined {
    return this.#below.remoteAddress;
  }

  get bytesRead(): number {
    return this.#below.bytesRead;
  }

  get encrypted(): boolean {
    return "encrypted" in this.#below;
  }

  destroySoon(): void {
    this.end(() => this.destroy());
  }

  override _read(): void {
    this.#below.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#below.write(chunk, encoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#below.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#below.destroy();
    done(error);
  }
}
