import { LONGEST_NUMBER, writeNumber, writeWhole } from "./digits.ts";

/** Eight characters are written as one number. */
const NEXT_POINT = eight('},{"ts":');
const VALUE = eight(',"value"');
const COLON = 0x3a;
const ROOM_OF_POINT = 2 * 8 + 1 + 2 * LONGEST_NUMBER;
const OPEN = "[";
const LAST_POINT = "}]";
const EMPTY = "[]";

/** Writes the list `data_points` of spec 11 section 5; points without a value are left out. Returns ASCII bytes of their own. */
export type PointsJson = (starts: Float64Array, values: Float64Array) => Uint8Array<ArrayBuffer>;

export function createPointsJson(): PointsJson {
  let room = Buffer.alloc(0);
  return (starts, values) => {
    const needed = EMPTY.length + starts.length * ROOM_OF_POINT;
    if (room.length < needed) room = Buffer.from(new ArrayBuffer(needed));
    const end = writePoints(new DataView(room.buffer), starts, values);
    // Of what ends the point before the first one the list keeps the place of the comma.
    if (end === 0) return new Uint8Array(Buffer.from(EMPTY));
    room.write(OPEN, 1, "latin1");
    room.write(LAST_POINT, end, "latin1");
    return new Uint8Array(room.buffer.slice(1, end + LAST_POINT.length));
  };
}

/** Each point begins with the end of the one before. Returns where they end. */
function writePoints(out: DataView, starts: Float64Array, values: Float64Array): number {
  let at = 0;
  for (let index = 0; index < starts.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    out.setFloat64(at, NEXT_POINT, true);
    at = writeWhole(out, at + 8, starts[index] as number);
    out.setFloat64(at, VALUE, true);
    out.setUint8(at + 8, COLON);
    at = writeNumber(out, at + 9, value);
  }
  return at;
}

function eight(text: string): number {
  return Buffer.from(text, "latin1").readDoubleLE();
}
