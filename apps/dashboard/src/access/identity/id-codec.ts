import { createHmac, hkdfSync } from "node:crypto";
import Sqids from "sqids";

/** Turns user ids into the text of the `uid` claim and back (spec 10 section 6.2). Reversible, not secret. */
export interface IdCodec {
  encode(id: number): string;
  /** `undefined` when the text was not made by `encode` of the same key. */
  decode(text: string): number | undefined;
}

const BASE = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const MIN_KEY_BYTES = 32;
const MIN_LENGTH = 8;

/** @throws {Error} when the key has fewer than 32 bytes: the program must not start with such a key. */
export function createIdCodec(key: string): IdCodec {
  if (Buffer.byteLength(key) < MIN_KEY_BYTES) throw new Error("idcodec: master key too short");
  const sqids = new Sqids({ alphabet: alphabetOf(key), minLength: MIN_LENGTH, blocklist: new Set() });
  return {
    encode: (id) => sqids.encode([id]),
    decode(text) {
      const [id, ...rest] = sqids.decode(text);
      return id !== undefined && rest.length === 0 && sqids.encode([id]) === text ? id : undefined;
    },
  };
}

/** The base alphabet in the order the key gives: Fisher-Yates over a stream of HMAC blocks. */
export function alphabetOf(key: string): string {
  const streamKey = Buffer.from(hkdfSync("sha256", Buffer.from(key), Buffer.alloc(0), "nezha/idcodec/alphabet/v1", 32));
  const bytes = byteStream(streamKey);
  const letters = BASE.split("");
  for (let i = letters.length - 1; i > 0; i--) {
    const j = bytes.next().value % (i + 1);
    const swap = letters[i] ?? "";
    letters[i] = letters[j] ?? "";
    letters[j] = swap;
  }
  return letters.join("");
}

function* byteStream(key: Buffer): Generator<number, never> {
  for (let counter = 0n; ; counter++) {
    const block = Buffer.alloc(8);
    block.writeBigUInt64BE(counter);
    yield* createHmac("sha256", key).update(block).digest();
  }
}
