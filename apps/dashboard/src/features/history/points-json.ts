import { LONGEST_NUMBER, writeNumber, writeWhole } from "./digits.ts";
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

/** Each point begins with the end of the one before. Returns where they end. */
function writePoints(out: DataView, begin: number, starts: Float64Array, values: Float64Array): number {
  let at = begin;
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
