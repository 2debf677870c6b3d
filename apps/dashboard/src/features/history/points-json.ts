import { LONGEST_NUMBER, writeNine, writeNumber } from "./digits.ts";

/** Digits of a time that change from point to point; what is before them stays for eleven days. */
const LOW_DIGITS = 9;
const LOW = 10 ** LOW_DIGITS;
const NEXT_POINT = '},{"ts":';
const VALUE = ',"value":';
const ROOM_OF_POINT = NEXT_POINT.length + VALUE.length + 2 * LONGEST_NUMBER;
const LAST_POINT = Buffer.from("}]");
const EMPTY = Buffer.from("[]");
const OPEN = 0x5b;

/** Writes the list `data_points` of spec 11 section 5; points without a value are left out. Returns ASCII bytes of their own. */
export type PointsJson = (starts: Float64Array, values: Float64Array) => Uint8Array<ArrayBuffer>;

export function createPointsJson(): PointsJson {
  let room = Buffer.alloc(0);
  return (starts, values) => {
    const needed = EMPTY.length + 1 + starts.length * ROOM_OF_POINT;
    if (room.length < needed) room = Buffer.from(new ArrayBuffer(needed));
    const end = writePoints(room, starts, values);
    // Of the comma before the first point the list keeps the place.
    room[1] = OPEN;
    return new Uint8Array(room.buffer.slice(1, end === 0 ? writeText(room, 1, EMPTY) : writeText(room, end, LAST_POINT)));
  };
}

/** Each point begins with the end of the one before. Returns where they end. */
function writePoints(bytes: Buffer, starts: Float64Array, values: Float64Array): number {
  let at = 0;
  let head = Buffer.alloc(0);
  let headHigh = 0;
  for (let index = 0; index < starts.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    const start = starts[index] as number;
    const high = Math.floor(start / LOW);
    if (high === headHigh && high > 0) {
      writeNine(head, head.length - VALUE.length - LOW_DIGITS, start - high * LOW);
    } else {
      head = Buffer.from(`${NEXT_POINT}${start}${VALUE}`);
      headHigh = high;
    }
    bytes.set(head, at);
    at = writeNumber(bytes, at + head.length, value);
  }
  return at;
}

function writeText(bytes: Buffer, at: number, text: Buffer): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text[index] as number;
  return at + text.length;
}
