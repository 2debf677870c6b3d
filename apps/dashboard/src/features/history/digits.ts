const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
/** Numbers with up to three decimals are written digit by digit, others by the runtime. */
const SCALE = 1_000;
const LARGEST_PLAIN = 2 ** 53 / SCALE;
/** Below this, whole numbers are computed with as 32-bit integers. */
const LARGEST_SMALL = 1e9;
/** No number is longer. */
export const LONGEST_NUMBER = 32;

/** Three digits of each number below 1000. */
const TRIPLES = Uint8Array.from({ length: SCALE * 3 }, (_, index) => ZERO + (Math.floor(index / 3 / 10 ** (2 - (index % 3))) % 10));

/**
 * Writes a finite number as `JSON.stringify` does, at `at`; {@link LONGEST_NUMBER} bytes of room are needed. Returns where it ends. The
 * functions here keep nothing but their arguments: a day of points is written by one loop over them, which the compiler makes one piece of.
 */
export function writeNumber(bytes: Buffer, at: number, value: number): number {
  const size = Math.abs(value);
  const integer = Math.floor(size);
  const scaled = integer === size ? 0 : Math.round(size * SCALE);
  if (size >= LARGEST_PLAIN || (integer !== size && scaled / SCALE !== size)) return at + bytes.write(String(value), at, "latin1");
  let end = at;
  if (value < 0) bytes[end++] = MINUS;
  end = writeWhole(bytes, end, integer);
  return integer === size ? end : writeFraction(bytes, end, scaled - integer * SCALE);
}

/** A whole number below 2^53. */
function writeWhole(bytes: Buffer, at: number, value: number): number {
  if (value < LARGEST_SMALL) return writeSmall(bytes, at, value | 0);
  const high = Math.floor(value / LARGEST_SMALL);
  return writeNine(bytes, writeWhole(bytes, at, high), value - high * LARGEST_SMALL);
}

/** A whole number below 10^9 with all its zeros. Returns where it ends. */
export function writeNine(bytes: Buffer, at: number, value: number): number {
  const millions = (value / 1_000_000) | 0;
  const thousands = (value / 1_000) | 0;
  writeTriple(bytes, at, millions);
  writeTriple(bytes, at + 3, thousands - millions * 1_000);
  writeTriple(bytes, at + 6, value - thousands * 1_000);
  return at + 9;
}

function writeSmall(bytes: Buffer, at: number, value: number): number {
  if (value < 1_000) return writeLeading(bytes, at, value);
  const thousands = (value / 1_000) | 0;
  const low = value - thousands * 1_000;
  let end = at;
  if (value < 1_000_000) {
    end = writeLeading(bytes, at, thousands);
  } else {
    const millions = (value / 1_000_000) | 0;
    end = writeLeading(bytes, at, millions);
    writeTriple(bytes, end, thousands - millions * 1_000);
    end += 3;
  }
  writeTriple(bytes, end, low);
  return end + 3;
}

/** Up to three digits, without zeros in front. */
function writeLeading(bytes: Buffer, at: number, value: number): number {
  const from = value * 3;
  let end = at;
  if (value >= 100) bytes[end++] = TRIPLES[from] as number;
  if (value >= 10) bytes[end++] = TRIPLES[from + 1] as number;
  bytes[end++] = TRIPLES[from + 2] as number;
  return end;
}

function writeTriple(bytes: Buffer, at: number, value: number): void {
  const from = value * 3;
  bytes[at] = TRIPLES[from] as number;
  bytes[at + 1] = TRIPLES[from + 1] as number;
  bytes[at + 2] = TRIPLES[from + 2] as number;
}

function writeFraction(bytes: Buffer, at: number, thousandths: number): number {
  bytes[at] = POINT;
  writeTriple(bytes, at + 1, thousandths);
  let end = at + 4;
  while (bytes[end - 1] === ZERO) end--;
  return end;
}
