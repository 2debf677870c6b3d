import { Buffer, isUtf8 } from "node:buffer";
import type { Uint64 } from "./uint64.ts";
import { WireError } from "./wire-error.ts";

/** What `integer` reads a uint64 above 2^53 - 1 as. No id, type or length of the protocol comes near it. */
export const UINT64_CLAMP = Number.MAX_SAFE_INTEGER;

/** Entries kept of one repeated field; later ones are read and left out, so that a small message cannot become a huge object. */
export const MAX_REPEATED = 4096;

const MAX_GROUP_DEPTH = 64;
const INTERNED_LENGTH = 32;
const INTERN_SLOTS = 2048;

const doubleValue = new Float64Array(1);
const doubleBytes = new Uint8Array(doubleValue.buffer);
const floatValue = new Float32Array(1);
const floatBytes = new Uint8Array(floatValue.buffer);

/**
 * Short texts seen lately, found by a hash of their bytes. Sensor names, versions and architectures
 * repeat in every message of every agent; each slot holds one text, newer texts replace older ones.
 */
const interned: string[] = Array.from({ length: INTERN_SLOTS }, () => "");

/** Reads the fields of one protobuf message. Used by the generated decoders only. Every method throws `WireError`. */
export class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #limit: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#limit = bytes.length;
  }

  more(): boolean {
    return this.#at < this.#limit;
  }

  /** Field number and wire type of the next field. */
  tag(): number {
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 0x80 && first >= 8) {
      this.#at += 1;
      return first;
    }
    const tag = this.integer();
    if (tag < 8 || tag > 0xffff_ffff) throw new WireError("malformed");
    return tag;
  }

  /** Every digit of a uint64. Values that a number holds, which are nearly all, cost no more than `integer`. */
  uint64(): Uint64 {
    const start = this.#at;
    const value = this.integer();
    return value === UINT64_CLAMP ? this.#digits(start) : value;
  }

  /** The varint at `start`, which has been read once and is sound. */
  #digits(start: number): Uint64 {
    let value = 0n;
    for (let at = this.#at - 1; at >= start; at -= 1) value = (value << 7n) | BigInt((this.#bytes[at] ?? 0) & 0x7f);
    return value > BigInt(UINT64_CLAMP) ? value : UINT64_CLAMP;
  }

  /** A uint64 as a plain number. */
  integer(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 10; index += 1) {
      if (at >= this.#limit) throw new WireError("malformed");
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (index === 9 && byte > 1) throw new WireError("malformed");
        this.#at = at;
        return value > UINT64_CLAMP ? UINT64_CLAMP : value;
      }
      scale *= 128;
    }
    throw new WireError("malformed");
  }

  bool(): boolean {
    return this.integer() !== 0;
  }

  double(): number {
    const at = this.#take(8);
    const bytes = this.#bytes;
    for (let index = 0; index < 8; index += 1) doubleBytes[index] = bytes[at + index] ?? 0;
    return doubleValue[0] ?? 0;
  }

  float(): number {
    const at = this.#take(4);
    const bytes = this.#bytes;
    for (let index = 0; index < 4; index += 1) floatBytes[index] = bytes[at + index] ?? 0;
    return floatValue[0] ?? 0;
  }

  /** A view into the message, not a copy. */
  bytes(): Uint8Array {
    const length = this.integer();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  string(): string {
    const length = this.integer();
    const at = this.#take(length);
    if (length === 0) return "";
    if (length <= INTERNED_LENGTH) {
      const short = this.#shortText(at, length);
      if (short !== undefined) return short;
    }
    const view = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + at, length);
    if (!isUtf8(view)) throw new WireError("utf8");
    return view.toString("utf8");
  }

  /** Narrows the reader to a length-delimited field and returns the limit to hand to `leave`. */
  enter(): number {
    const length = this.integer();
    if (length > this.#limit - this.#at) throw new WireError("malformed");
    const outer = this.#limit;
    this.#limit = this.#at + length;
    return outer;
  }

  leave(outer: number): void {
    this.#limit = outer;
  }

  /** Steps over a field that the message does not know. */
  skip(tag: number, depth = 0): void {
    switch (tag % 8) {
      case 0:
        this.integer();
        return;
      case 1:
        this.#take(8);
        return;
      case 2:
        this.#take(this.integer());
        return;
      case 3:
        this.#skipGroup(tag, depth);
        return;
      case 5:
        this.#take(4);
        return;
      default:
        throw new WireError("malformed");
    }
  }

  #skipGroup(start: number, depth: number): void {
    if (depth >= MAX_GROUP_DEPTH) throw new WireError("malformed");
    for (;;) {
      const tag = this.tag();
      if (tag === start + 1) return;
      this.skip(tag, depth + 1);
    }
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#limit - at) throw new WireError("malformed");
    this.#at = at + length;
    return at;
  }

  #shortText(at: number, length: number): string | undefined {
    const bytes = this.#bytes;
    let hash = length;
    for (let index = 0; index < length; index += 1) {
      const byte = bytes[at + index] ?? 0;
      if (byte >= 0x80) return undefined;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    const slot = (hash ^ (hash >>> 15)) & (INTERN_SLOTS - 1);
    const known = interned[slot] ?? "";
    if (known.length === length && sameText(bytes, at, known)) return known;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString("latin1");
    interned[slot] = text;
    return text;
  }
}

function sameText(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) !== bytes[at + index]) return false;
  }
  return true;
}
