/** Builds JSON text of long lists of numbers without a string for each of them. */
export interface JsonText {
  /** ASCII text as {@link ascii} prepared it. */
  text(value: Uint8Array): void;
  /** A finite number as `JSON.stringify` writes it. */
  number(value: number): void;
  /** What was written since the last call. */
  take(): string;
}

const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
/** Numbers with up to three decimals are written digit by digit, others by the runtime. */
const SCALE = 1_000;
const LARGEST_PLAIN = 2 ** 53 / SCALE;
/** Below this, whole numbers are computed with as 32-bit integers. */
const LARGEST_SMALL = 1e9;
/** No number is longer. */
const ROOM = 32;

/** Three digits of each number below 1000. */
const TRIPLES = Uint8Array.from({ length: SCALE * 3 }, (_, index) => ZERO + (Math.floor(index / 3 / 10 ** (2 - (index % 3))) % 10));

/** A constant piece of text, to be written many times. */
export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function createJsonText(): JsonText {
  let bytes = Buffer.allocUnsafe(16_384);
  let length = 0;

  const grow = (more: number): void => {
    const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, length + more));
    bytes.copy(larger, 0, 0, length);
    bytes = larger;
  };
  const triple = (value: number): void => {
    const from = value * 3;
    bytes[length] = TRIPLES[from] as number;
    bytes[length + 1] = TRIPLES[from + 1] as number;
    bytes[length + 2] = TRIPLES[from + 2] as number;
    length += 3;
  };
  /** Up to three digits, without zeros in front. */
  const leading = (value: number): void => {
    const from = value * 3;
    if (value >= 100) bytes[length++] = TRIPLES[from] as number;
    if (value >= 10) bytes[length++] = TRIPLES[from + 1] as number;
    bytes[length++] = TRIPLES[from + 2] as number;
  };
  const small = (value: number): void => {
    if (value < 1_000) return leading(value);
    const thousands = (value / 1_000) | 0;
    if (value < 1_000_000) {
      leading(thousands);
    } else {
      const millions = (value / 1_000_000) | 0;
      leading(millions);
      triple(thousands - millions * 1_000);
    }
    triple(value - thousands * 1_000);
  };
  /** A whole number below 2^53. */
  const whole = (value: number): void => {
    if (value < LARGEST_SMALL) return small(value);
    const high = Math.floor(value / LARGEST_SMALL);
    whole(high);
    const low = value - high * LARGEST_SMALL;
    const millions = (low / 1_000_000) | 0;
    const thousands = (low / 1_000) | 0;
    triple(millions);
    triple(thousands - millions * 1_000);
    triple(low - thousands * 1_000);
  };
  const fraction = (thousandths: number): void => {
    bytes[length++] = POINT;
    triple(thousandths);
    while (bytes[length - 1] === ZERO) length--;
  };
  return {
    text: (value) => {
      if (length + value.length > bytes.length) grow(value.length);
      for (let index = 0; index < value.length; index++) bytes[length + index] = value[index] as number;
      length += value.length;
    },
    number: (value) => {
      if (length + ROOM > bytes.length) grow(ROOM);
      const size = Math.abs(value);
      const integer = Math.floor(size);
      const scaled = integer === size ? 0 : Math.round(size * SCALE);
      if (size >= LARGEST_PLAIN || (integer !== size && scaled / SCALE !== size)) {
        length += bytes.write(String(value), length, "latin1");
        return;
      }
      if (value < 0) bytes[length++] = MINUS;
      whole(integer);
      if (integer !== size) fraction(scaled - integer * SCALE);
    },
    take: () => {
      const result = bytes.toString("latin1", 0, length);
      length = 0;
      return result;
    },
  };
}
