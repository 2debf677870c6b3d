const MINUS = 0x2d;
/** Numbers with up to six decimals are written digit by digit, others by the runtime. */
const MILLION = 1_000_000;
/** Below this no two of them are the same double. */
const LARGEST_DECIMAL = 1e15 / MILLION;
const LARGEST_WHOLE = 2 ** 53;
/** Groups of three digits. */
const SCALE = 1_000;
/** Below this, whole numbers are computed with as 32-bit integers. */
const LARGEST_SMALL = 1e9;
/** No number is longer. Behind one up to three bytes more are overwritten: groups of digits are written four bytes at a time. */
export const LONGEST_NUMBER = 32;

/** What is written for each number below 1000. */
const TRIPLES = groups((number) => String(number).padStart(3, "0"));
const LEADING = groups(String);
const FRACTIONS = groups((number) => `.${String(number).padStart(3, "0")}`);
const FRACTION_LENGTHS = Uint8Array.from({ length: SCALE }, (_, number) => String(number / SCALE).length - 1);

/**
 * Writes `numbers[index]`, which is finite, as `JSON.stringify` does, at `at`; {@link LONGEST_NUMBER} bytes of room are needed. Returns
 * where it ends. From the list, since a fraction handed over as such is an object of its own where the compiler does not make one piece of
 * caller and called; for the same reason whole numbers are cut to 32 bits here where they have no more.
 */
export function writeNumber(out: DataView, at: number, numbers: Float64Array, index: number): number {
  const value = numbers[index] as number;
  const size = Math.abs(value);
  const integer = Math.floor(size);
  const millionths = Math.round(size * MILLION);
  const isPlain = integer === size ? size < LARGEST_WHOLE : millionths > 0 && size < LARGEST_DECIMAL && millionths / MILLION === size;
  if (!isPlain) return writeText(out, at, String(value));
  let end = at;
  if (value < 0) out.setUint8(end++, MINUS);
  end = integer < LARGEST_SMALL ? writeSmall(out, end, integer | 0) : writeWhole(out, end, integer);
  return integer === size ? end : writeFraction(out, end, (millionths - integer * MILLION) | 0);
}

/** Writes a whole number from 0 to 2^53, in the same way. */
export function writeWhole(out: DataView, at: number, value: number): number {
  if (value < LARGEST_SMALL) return writeSmall(out, at, value | 0);
  const high = Math.floor(value / LARGEST_SMALL);
  return writeNine(out, writeSmall(out, at, high | 0), (value - high * LARGEST_SMALL) | 0);
}

/** A whole number below a million as six digits. */
export function writeSix(out: DataView, at: number, value: number): number {
  const thousands = (value / 1_000) | 0;
  writeTriple(out, at, thousands);
  writeTriple(out, at + 3, value - thousands * 1_000);
  return at + 6;
}

/** Up to nine digits with all their zeros. */
function writeNine(out: DataView, at: number, value: number): number {
  const millions = (value / 1_000_000) | 0;
  const thousands = (value / 1_000) | 0;
  writeTriple(out, at, millions);
  writeTriple(out, at + 3, thousands - millions * 1_000);
  writeTriple(out, at + 6, value - thousands * 1_000);
  return at + 9;
}

function writeSmall(out: DataView, at: number, value: number): number {
  if (value < 1_000) return writeLeading(out, at, value);
  const thousands = (value / 1_000) | 0;
  const low = value - thousands * 1_000;
  let end = at;
  if (value < 1_000_000) {
    end = writeLeading(out, at, thousands);
  } else {
    const millions = (value / 1_000_000) | 0;
    end = writeLeading(out, at, millions);
    writeTriple(out, end, thousands - millions * 1_000);
    end += 3;
  }
  writeTriple(out, end, low);
  return end + 3;
}

/** Up to three digits, without zeros in front. */
function writeLeading(out: DataView, at: number, value: number): number {
  out.setUint32(at, LEADING[value] as number, true);
  return at + (value >= 100 ? 3 : value >= 10 ? 2 : 1);
}

function writeTriple(out: DataView, at: number, value: number): void {
  out.setUint32(at, TRIPLES[value] as number, true);
}

/** Up to six decimals, without zeros at the end. */
function writeFraction(out: DataView, at: number, millionths: number): number {
  const thousandths = (millionths / SCALE) | 0;
  const rest = millionths - thousandths * SCALE;
  if (rest === 0) return writeThousandths(out, at, thousandths);
  // The point before the last three digits makes room for the digit that is written over it.
  const end = writeThousandths(out, at + 3, rest);
  writeThousandths(out, at, thousandths);
  return end;
}

function writeThousandths(out: DataView, at: number, thousandths: number): number {
  out.setUint32(at, FRACTIONS[thousandths] as number, true);
  return at + (FRACTION_LENGTHS[thousandths] as number);
}

function writeText(out: DataView, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) out.setUint8(at + index, text.charCodeAt(index));
  return at + text.length;
}

/** Up to four characters for each number below 1000, the first in the lowest byte. */
function groups(textOf: (number: number) => string): Uint32Array {
  return Uint32Array.from({ length: SCALE }, (_, number) => Buffer.from(textOf(number).padEnd(4, " ")).readUInt32LE());
}
