import { crc32 } from "node:zlib";
import type { FamilyPlan } from "@windfire/tsdb";
import type { KeptRow } from "./row-model.ts";

/** A half minute as it is written down. */
export interface SpoolRow extends KeptRow {
  /** It is where it belongs already; kept because it may go on. */
  readonly isSent: boolean;
}

/** What was deleted: earlier rows of it count no more. */
export interface SpoolDrop {
  readonly kind: "server" | "service";
  readonly ids: readonly number[];
}

/** Bytes in front of the numbers of a frame: their length and their checksum. */
const HEAD_BYTES = 8;
/** First number of a record: a family by its position, or one of these. */
const DROPPED_SERVER = -1;
const DROPPED_SERVICE = -2;
/** Numbers in front of the values: family, group, half minute, samples (negative where they were sent). */
const ROW_HEAD = 4;
/** What is longer was not written here. */
const MOST_FRAME_BYTES = 2 ** 28;
/** Rows of a frame, two to three megabytes: what waits after hours of an outage is more than a frame may be. */
const FRAME_ROWS = 16_384;

/** Rows as frames, each of which is read whole or not at all. */
export function* rowFrames(rows: readonly SpoolRow[]): Generator<Buffer> {
  for (let from = 0; from < rows.length; from += FRAME_ROWS) yield frameOf(numbersOf(rows.slice(from, from + FRAME_ROWS)));
}

/** What was dropped, as one frame. */
export function dropFrame({ kind, ids }: SpoolDrop): Buffer {
  const first = kind === "server" ? DROPPED_SERVER : DROPPED_SERVICE;
  return frameOf(Float64Array.from(ids.flatMap((id) => [first, id])));
}

function numbersOf(rows: readonly SpoolRow[]): Float64Array {
  const numbers = new Float64Array(rows.reduce((sum, { values }) => sum + ROW_HEAD + values.length, 0));
  let at = 0;
  for (const { plan, key, slot, count, values, isSent } of rows) {
    numbers.set([plan.index, key, slot, isSent ? -count : count], at);
    numbers.set(values, at + ROW_HEAD);
    at += ROW_HEAD + values.length;
  }
  return numbers;
}

function frameOf(numbers: Float64Array): Buffer {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(bytes.byteLength, 0);
  head.writeUInt32LE(crc32(bytes), 4);
  return Buffer.concat([head, bytes]);
}

/** Hands out what a file holds, in its order; ends at the first frame that is not whole, as a crash leaves it. */
export function readFrames(
  bytes: Buffer,
  plans: readonly FamilyPlan[],
  visit: { row(row: SpoolRow): void; drop(kind: SpoolDrop["kind"], id: number): void },
): void {
  for (let at = 0; at + HEAD_BYTES <= bytes.byteLength;) {
    const length = bytes.readUInt32LE(at);
    const from = at + HEAD_BYTES;
    if (length === 0 || length > MOST_FRAME_BYTES || length % 8 !== 0 || from + length > bytes.byteLength) return;
    const payload = bytes.subarray(from, from + length);
    if (crc32(payload) !== bytes.readUInt32LE(at + 4)) return;
    // A copy: numbers have to begin at a multiple of their size.
    const numbers = new Float64Array(Uint8Array.from(payload).buffer);
    if (!readRecords(numbers, plans, visit)) return;
    at = from + length;
  }
}

function readRecords(numbers: Float64Array, plans: readonly FamilyPlan[], visit: Parameters<typeof readFrames>[2]): boolean {
  for (let at = 0; at < numbers.length;) {
    const first = numbers[at] as number;
    if (first === DROPPED_SERVER || first === DROPPED_SERVICE) {
      visit.drop(first === DROPPED_SERVER ? "server" : "service", numbers[at + 1] as number);
      at += 2;
      continue;
    }
    const plan = plans[first];
    if (plan === undefined) return false;
    const [key = 0, slot = 0, count = 0] = numbers.subarray(at + 1, at + ROW_HEAD);
    const values = numbers.slice(at + ROW_HEAD, at + ROW_HEAD + plan.folds.length);
    visit.row({ plan, key, slot, count: Math.abs(count), values, isSent: count < 0 });
    at += ROW_HEAD + plan.folds.length;
  }
  return true;
}
