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
const MOST_FRAME_BYTES = 2 ** 28;

/** Rows or what was dropped as one frame: it is read whole or not at all. */
export function frameOf(rows: readonly SpoolRow[], drop?: SpoolDrop): Buffer {
  const numbers = rows.reduce((sum, { values }) => sum + ROW_HEAD + values.length, 2 * (drop?.ids.length ?? 0));
  const payload = new Float64Array(numbers);
  let at = 0;
  for (const id of drop?.ids ?? []) {
    payload[at++] = drop?.kind === "server" ? DROPPED_SERVER : DROPPED_SERVICE;
    payload[at++] = id;
  }
  for (const { plan, key, slot, count, values, isSent } of rows) {
    payload.set([plan.index, key, slot, isSent ? -count : count], at);
    payload.set(values, at + ROW_HEAD);
    at += ROW_HEAD + values.length;
  }
  const bytes = Buffer.from(payload.buffer);
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
