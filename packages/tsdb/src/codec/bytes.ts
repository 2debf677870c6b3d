/** Appends little-endian values to a growing buffer. */
export interface ByteWriter {
  readonly length: number;
  u8(value: number): void;
  u16(value: number): void;
  u32(value: number): void;
  f64(value: number): void;
  /** Whole numbers 0 .. 2^53-1, seven bits a byte, the lowest first. */
  varint(value: number): void;
  bytes(value: Uint8Array): void;
  /** Overwrites four bytes written before. */
  setU32(at: number, value: number): void;
  /** What was written so far; valid until the next write. */
  view(from?: number): Uint8Array;
  reset(): void;
}

export function createByteWriter(capacity = 1_024): ByteWriter {
  let buffer = new Uint8Array(capacity);
  let data = new DataView(buffer.buffer);
  let length = 0;
  const room = (bytes: number): number => {
    const at = length;
    length += bytes;
    if (length > buffer.length) {
      const larger = new Uint8Array(Math.max(length, buffer.length * 2));
      larger.set(buffer);
      buffer = larger;
      data = new DataView(buffer.buffer);
    }
    return at;
  };
  const u8 = (value: number): void => {
    const at = room(1);
    buffer[at] = value;
  };
  return {
    get length() {
      return length;
    },
    u8,
    u16: (value) => {
      const at = room(2);
      data.setUint16(at, value, true);
    },
    u32: (value) => {
      const at = room(4);
      data.setUint32(at, value, true);
    },
    f64: (value) => {
      const at = room(8);
      data.setFloat64(at, value, true);
    },
    varint: (value) => {
      let rest = value;
      while (rest >= 128) {
        u8((rest % 128) + 128);
        rest = Math.floor(rest / 128);
      }
      u8(rest);
    },
    bytes: (value) => {
      const at = room(value.length);
      buffer.set(value, at);
    },
    setU32: (at, value) => data.setUint32(at, value, true),
    view: (from = 0) => buffer.subarray(from, length),
    reset: () => {
      length = 0;
    },
  };
}

/** A place in bytes that a {@link ByteWriter} wrote; the `take` functions read there and move on. Past the end they throw a RangeError. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

export function takeU8(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at++];
  if (byte === undefined) throw new RangeError("the bytes end too early");
  return byte;
}

export function takeU16(cursor: Cursor): number {
  return takeU8(cursor) + takeU8(cursor) * 2 ** 8;
}

export function takeU32(cursor: Cursor): number {
  return takeU16(cursor) + takeU16(cursor) * 2 ** 16;
}

export function takeF64(cursor: Cursor): number {
  const { bytes, at } = cursor;
  cursor.at = at + 8;
  if (at + 8 > bytes.length) throw new RangeError("the bytes end too early");
  for (let index = 0; index < 8; index++) floatBytes[index] = bytes[at + index] as number;
  return floatView.getFloat64(0, true);
}

export function takeVarint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = takeU8(cursor);
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

const floatBytes = new Uint8Array(8);
const floatView = new DataView(floatBytes.buffer);

/** Signed whole numbers as unsigned ones, small ones staying small. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export function unzigzag(value: number): number {
  const half = Math.floor(value / 2);
  return half * 2 === value ? half : -half - 1;
}
