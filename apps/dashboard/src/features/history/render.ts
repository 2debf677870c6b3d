/** Builds JSON text of long lists of numbers without a string for each of them. */
export interface JsonText {
  /** ASCII text, as it is. */
  text(value: string): void;
  /** A finite number as `JSON.stringify` writes it. */
  number(value: number): void;
  /** What was written since the last call. */
  take(): string;
}

const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
/** Numbers with up to three decimals are written digit by digit, others by the runtime. */
const DECIMALS = 3;
const DECIMAL_SCALE = 10 ** DECIMALS;
const LARGEST_PLAIN = 2 ** 53 / DECIMAL_SCALE;
const HALF = 10_000_000;
const HALF_DIGITS = 7;
/** No number is longer. */
const ROOM = 32;

export function createJsonText(): JsonText {
  let bytes = Buffer.allocUnsafe(16_384);
  let length = 0;

  const room = (more: number): void => {
    if (length + more <= bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, length + more));
    bytes.copy(larger, 0, 0, length);
    bytes = larger;
  };
  const text = (value: string): void => {
    room(value.length);
    for (let index = 0; index < value.length; index++) bytes[length++] = value.charCodeAt(index);
  };
  /** A whole number below 2^31, at least `digits` long. */
  const small = (value: number, digits: number): void => {
    let count = 1;
    for (let rest = value; rest >= 10; rest = (rest / 10) | 0) count++;
    count = Math.max(count, digits);
    let rest = value;
    for (let at = length + count - 1; at >= length; at--) {
      const next = (rest / 10) | 0;
      bytes[at] = ZERO + rest - next * 10;
      rest = next;
    }
    length += count;
  };
  /** A whole number below 2^53. */
  const whole = (value: number): void => {
    if (value < 2 ** 31) return small(value, 1);
    const high = Math.floor(value / HALF);
    whole(high);
    small(value - high * HALF, HALF_DIGITS);
  };
  const fraction = (thousandths: number): void => {
    bytes[length++] = POINT;
    small(thousandths, DECIMALS);
    while (bytes[length - 1] === ZERO) length--;
  };
  return {
    text,
    number: (value) => {
      room(ROOM);
      const size = Math.abs(value);
      const scaled = Math.round(size * DECIMAL_SCALE);
      if (size >= LARGEST_PLAIN || scaled / DECIMAL_SCALE !== size) return text(String(value));
      if (value < 0) bytes[length++] = MINUS;
      const integer = Math.floor(size);
      whole(integer);
      if (integer !== size) fraction(scaled - integer * DECIMAL_SCALE);
    },
    take: () => {
      const result = bytes.toString("latin1", 0, length);
      length = 0;
      return result;
    },
  };
}
