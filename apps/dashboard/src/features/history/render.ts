import { LONGEST_NUMBER, writeNumber } from "./digits.ts";

/** Builds JSON text of long lists of numbers without a string for each of them. */
export interface JsonText {
  /** ASCII text as {@link ascii} prepared it. */
  text(value: Uint8Array): void;
  /** A finite number as `JSON.stringify` writes it. */
  number(value: number): void;
  /** What was written since the last call. */
  take(): string;
}

/** A constant piece of text, to be written many times. */
export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function createJsonText(): JsonText {
  let bytes = Buffer.from(new ArrayBuffer(16_384));
  let view = new DataView(bytes.buffer);
  let length = 0;
  const one = new Float64Array(1);

  const grow = (more: number): void => {
    const larger = Buffer.from(new ArrayBuffer(Math.max(bytes.length * 2, length + more)));
    bytes.copy(larger, 0, 0, length);
    bytes = larger;
    view = new DataView(bytes.buffer);
  };
  return {
    text: (value) => {
      if (length + value.length > bytes.length) grow(value.length);
      for (let index = 0; index < value.length; index++) bytes[length + index] = value[index] as number;
      length += value.length;
    },
    number: (value) => {
      if (length + LONGEST_NUMBER > bytes.length) grow(LONGEST_NUMBER);
      one[0] = value;
      length = writeNumber(view, length, one, 0);
    },
    take: () => {
      const result = bytes.toString("latin1", 0, length);
      length = 0;
      return result;
    },
  };
}
