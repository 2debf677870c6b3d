/** An unsigned 64-bit integer with every digit: a number up to 2^53 - 1, a bigint above it and never below. */
export type Uint64 = number | bigint;

/** The one form that a value has. @throws RangeError for a bigint outside of 64 bits */
export function uint64Of(value: bigint): Uint64 {
  if (value < 0n || value >> 64n !== 0n) throw new RangeError(`${value} is not an unsigned 64-bit integer`);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** `a + b`, at most 2^64 - 1. */
export function plus(a: Uint64, b: Uint64): Uint64 {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return uint64Of(least(BigInt(a) + BigInt(b), MOST));
}

/** `a - b`, at least 0. */
export function minus(a: Uint64, b: Uint64): Uint64 {
  if (a <= b) return 0;
  return typeof a === "number" && typeof b === "number" ? a - b : uint64Of(BigInt(a) - BigInt(b));
}

const MOST = 2n ** 64n - 1n;

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
