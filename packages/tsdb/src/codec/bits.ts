/** Values up to 2^53 as Rice codes: `value >> k` ones, a zero, then the low `k` bits. Each run of values has its own `k`. */
export const RUN = 64;

/** This many ones announce a value written out in full. */
const ESCAPE = 24;
const FULL_BITS = 53;
const K_BITS = 6;
const LARGEST_K = 52;

/** Appends bits to a growing buffer, most significant first. */
export interface BitWriter {
  /** The bytes written so far, the last one filled up with zeros. The buffer is reused after `reset`. */
  finish(): Uint8Array;
  reset(): void;
  /** `value` < 2^bits, bits <= 53. */
  write(value: number, bits: number): void;
}

export function createBitWriter(): BitWriter {
  let bytes = new Uint8Array(4_096);
  let length = 0;
  let held = 0;
  let heldBits = 0;

  const put = (value: number, bits: number): void => {
    held = (held << bits) | value;
    heldBits += bits;
    while (heldBits >= 8) {
      heldBits -= 8;
      bytes[length++] = (held >>> heldBits) & 0xff;
    }
  };
  const room = (): void => {
    if (length + 16 <= bytes.length) return;
    const larger = new Uint8Array(bytes.length * 2);
    larger.set(bytes);
    bytes = larger;
  };
  return {
    reset: () => {
      length = 0;
      held = 0;
      heldBits = 0;
    },
    finish: () => {
      room();
      if (heldBits > 0) bytes[length++] = (held << (8 - heldBits)) & 0xff;
      heldBits = 0;
      return bytes.subarray(0, length);
    },
    write: (value, bits) => {
      room();
      let rest = value;
      let left = bits;
      while (left > 22) {
        const scale = 2 ** (left - 22);
        const high = Math.floor(rest / scale);
        put(high, 22);
        rest -= high * scale;
        left -= 22;
      }
      put(rest, left);
    },
  };
}

/** Bits that {@link writeRice} will need. */
export function riceBits(values: Float64Array, length: number): number {
  let bits = 0;
  for (let from = 0; from < length; from += RUN) {
    const to = Math.min(from + RUN, length);
    const k = bestK(values, from, to);
    bits += K_BITS + runBits(values, from, to, k);
  }
  return bits;
}

/** Writes whole numbers 0 .. 2^53-1. */
export function writeRice(writer: BitWriter, values: Float64Array, length: number): void {
  for (let from = 0; from < length; from += RUN) {
    const to = Math.min(from + RUN, length);
    const k = bestK(values, from, to);
    const scale = 2 ** k;
    writer.write(k, K_BITS);
    for (let index = from; index < to; index++) {
      const value = values[index] as number;
      const ones = Math.floor(value / scale);
      if (ones >= ESCAPE) {
        writer.write(2 ** ESCAPE - 1, ESCAPE);
        writer.write(value, FULL_BITS);
      } else {
        writer.write(2 ** (ones + 1) - 2, ones + 1);
        writer.write(value - ones * scale, k);
      }
    }
  }
}

/**
 * Reads what {@link writeRice} wrote at byte `offset` into `into`. Reads up to 12 bytes past the end, which must exist or count as zero.
 * Returns the number of bytes used.
 */
export function readRice(bytes: Uint8Array, offset: number, into: Float64Array, length: number): number {
  let at = offset * 8;
  for (let from = 0; from < length; from += RUN) {
    const to = Math.min(from + RUN, length);
    const k = peek(bytes, at) >>> (32 - K_BITS);
    at += K_BITS;
    const scale = 2 ** k;
    for (let index = from; index < to; index++) {
      const ones = Math.clz32(~peek(bytes, at));
      if (ones >= ESCAPE) {
        into[index] = readWide(bytes, at + ESCAPE, FULL_BITS);
        at += ESCAPE + FULL_BITS;
        continue;
      }
      at += ones + 1;
      if (k === 0) into[index] = ones;
      else if (k <= 24) into[index] = ones * scale + (peek(bytes, at) >>> (32 - k));
      else into[index] = ones * scale + readWide(bytes, at, k);
      at += k;
    }
  }
  return Math.ceil(at / 8) - offset;
}

/** At least 25 valid bits at the top. */
function peek(bytes: Uint8Array, at: number): number {
  const byte = at >>> 3;
  const word =
    ((bytes[byte] as number) << 24) |
    ((bytes[byte + 1] as number) << 16) |
    ((bytes[byte + 2] as number) << 8) |
    (bytes[byte + 3] as number);
  return word << (at & 7);
}

function readWide(bytes: Uint8Array, at: number, bits: number): number {
  let value = 0;
  let from = at;
  let left = bits;
  while (left > 24) {
    value = value * 2 ** 24 + (peek(bytes, from) >>> 8);
    from += 24;
    left -= 24;
  }
  return left === 0 ? value : value * 2 ** left + (peek(bytes, from) >>> (32 - left));
}

function bestK(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += values[index] as number;
  const mean = sum / (to - from);
  const guess = mean < 1 ? 0 : Math.min(LARGEST_K, Math.floor(Math.log2(mean)));
  if (guess === 0) return runBits(values, from, to, 0) <= runBits(values, from, to, 1) ? 0 : 1;
  return runBits(values, from, to, guess) <= runBits(values, from, to, guess - 1) ? guess : guess - 1;
}

function runBits(values: Float64Array, from: number, to: number, k: number): number {
  const scale = 2 ** k;
  let bits = 0;
  for (let index = from; index < to; index++) {
    const ones = Math.floor((values[index] as number) / scale);
    bits += ones >= ESCAPE ? ESCAPE + FULL_BITS : ones + 1 + k;
  }
  return bits;
}
