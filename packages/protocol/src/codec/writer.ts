import { Buffer } from "node:buffer";
import type { Uint64 } from "./uint64.ts";

const FIRST_SIZE = 256;

/** Writes the fields of one protobuf message. Used by the generated encoders only. */
export class WireWriter {
  #bytes: Buffer;
  #at: number;

  /** @param headroom bytes left free in front of the message, for a prefix that a transport writes later */
  constructor(headroom: number) {
    this.#bytes = Buffer.allocUnsafe(FIRST_SIZE + headroom);
    this.#bytes.fill(0, 0, headroom);
    this.#at = headroom;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** @throws RangeError for anything but an integer from 0 to 2^53 - 1 as a number, to 2^64 - 1 as a bigint */
  uint64(value: Uint64): void {
    if (typeof value === "bigint") return this.#digits(value);
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not an unsigned integer`);
    this.#reserve(10);
    let rest = value;
    while (rest > 0x7fff_ffff) {
      this.#bytes[this.#at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
    return undefined;
  }

  #digits(value: bigint): void {
    if (value < 0n || value >> 64n !== 0n) throw new RangeError(`${value} is not an unsigned integer`);
    this.#reserve(10);
    let rest = value;
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#at++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#at++] = Number(rest);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  float(value: number): void {
    this.#reserve(4);
    this.#at = this.#bytes.writeFloatLE(value, this.#at);
  }

  bytes(value: Uint8Array): void {
    this.uint64(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Lone surrogates become U+FFFD: what is written is always UTF-8. */
  string(value: string): void {
    const length = Buffer.byteLength(value, "utf8");
    this.uint64(length);
    this.#reserve(length);
    this.#bytes.write(value, this.#at, length, "utf8");
    this.#at += length;
  }

  /** Begins a length-delimited field and returns the mark to hand to `close`. */
  open(): number {
    this.#reserve(1);
    this.#at += 1;
    return this.#at;
  }

  close(mark: number): void {
    const length = this.#at - mark;
    const extra = lengthOfVarint(length) - 1;
    if (extra > 0) {
      this.#reserve(extra);
      this.#bytes.copyWithin(mark + extra, mark, this.#at);
    }
    this.#at = mark - 1;
    this.uint64(length);
    this.#at += length;
  }

  #reserve(length: number): void {
    const needed = this.#at + length;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function lengthOfVarint(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) length += 1;
  return length;
}
