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

/** Reads what a {@link ByteWriter} wrote. Past the end it throws a RangeError. */
export interface ByteReader {
  position: number;
  u8(): number;
  u16(): number;
  u32(): number;
  f64(): number;
  varint(): number;
}

export function createByteReader(bytes: Uint8Array, position = 0): ByteReader {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader: ByteReader = {
    position,
    u8: () => data.getUint8(reader.position++),
    u16: () => {
      reader.position += 2;
      return data.getUint16(reader.position - 2, true);
    },
    u32: () => {
      reader.position += 4;
      return data.getUint32(reader.position - 4, true);
    },
    f64: () => {
      reader.position += 8;
      return data.getFloat64(reader.position - 8, true);
    },
    varint: () => {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = reader.u8();
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    },
  };
  return reader;
}

/** Signed whole numbers as unsigned ones, small ones staying small. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export function unzigzag(value: number): number {
  const half = Math.floor(value / 2);
  return half * 2 === value ? half : -half - 1;
}
