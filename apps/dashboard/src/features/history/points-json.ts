import { LONGEST_NUMBER, writeNumber, writeSix, writeWhole } from "./digits.ts";
import type { Around } from "./around.ts";

/** Eight characters are written as one number. */
const NEXT_POINT = eight('},{"ts":');
const VALUE = eight(',"value"');
const COLON = 0x3a;
const ROOM_OF_POINT = 2 * 8 + 1 + 2 * LONGEST_NUMBER;
const OPEN = "[";
const LAST_POINT = "}]";
const EMPTY = "[]";

/**
 * Writes the list `data_points` of spec 11 section 5 between two texts; points without a value are left out. Returns UTF-8 bytes: a part of
 * `memory` where that is large enough.
 */
export function pointsJson(
  starts: Float64Array,
  values: Float64Array,
  { head, tail }: Around,
  memory?: ArrayBuffer,
): Uint8Array<ArrayBuffer> {
  const headBytes = Buffer.byteLength(head);
  const needed = 1 + headBytes + EMPTY.length + starts.length * ROOM_OF_POINT + Buffer.byteLength(tail);
  const room = Buffer.from(memory !== undefined && memory.byteLength >= needed ? memory : new ArrayBuffer(needed));
  // Of what ends the point before the first one the list keeps the place of the comma; the brace is written over by the end of the head.
  const list = 1 + headBytes;
  const last = writePoints(new DataView(room.buffer), list - 1, starts, values);
  const isEmpty = last === list - 1;
  room.write(head, 1);
  room.write(isEmpty ? EMPTY : OPEN, list, "latin1");
  const end = isEmpty ? list + EMPTY.length : last + room.write(LAST_POINT, last, "latin1");
  return new Uint8Array(room.buffer, 1, end + room.write(tail, end) - 1);
}

/** Times of thirteen digits: the first seven stay the same for a thousand seconds. */
const [FIRST_LONG_TIME, LAST_LONG_TIME] = [1e12, 1e13 - 1];
const LOW_DIGITS = 1e6;

/** Each point begins with the end of the one before. Returns where they end. */
function writePoints(out: DataView, begin: number, starts: Float64Array, values: Float64Array): number {
  let at = begin;
  let from = Number.NaN;
  let highDigits = Number.NaN;
  for (let index = 0; index < starts.length; index++) {
    if (Number.isNaN(values[index])) continue;
    out.setFloat64(at, NEXT_POINT, true);
    const time = starts[index] as number;
    if (time >= FIRST_LONG_TIME && time <= LAST_LONG_TIME) {
      if (!(time >= from && time < from + LOW_DIGITS)) {
        from = Math.floor(time / LOW_DIGITS) * LOW_DIGITS;
        writeWhole(out, at + 8, time);
        highDigits = out.getFloat64(at + 8, true);
      }
      out.setFloat64(at + 8, highDigits, true);
      at = writeSix(out, at + 15, (time - from) | 0);
    } else at = writeWhole(out, at + 8, time);
    out.setFloat64(at, VALUE, true);
    out.setUint8(at + 8, COLON);
    at = writeNumber(out, at + 9, values, index);
  }
  return at;
}

function eight(text: string): number {
  return Buffer.from(text, "latin1").readDoubleLE();
}
