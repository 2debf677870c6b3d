import { readRice, riceBits, writeRice, type BitWriter } from "./bits.ts";
import { takeF64, takeU8, takeVarint, unzigzag, zigzag, type ByteWriter, type Cursor } from "./bytes.ts";
import { coarsestGrid, quantise, restore } from "./grid.ts";

/** How a column lies in a block (docs/formats/history.md, "Column"). */
const KIND_ABSENT = 0;
const KIND_CONSTANT = 1;
const KIND_PACKED = 2;
const KIND_PLAIN = 3;
const KIND_MASK = 7;
const FLAG_PRESENCE = 8;
const ORDER_SHIFT = 4;

/** Readers may look this far past the end of a column. */
export const READ_SLACK = 12;

/** Scratch memory of one encoder. */
export interface ColumnScratch {
  readonly bits: BitWriter;
  present: Float64Array;
  units: Float64Array;
  trial: Float64Array;
  best: Float64Array;
}

export function createColumnScratch(bits: BitWriter): ColumnScratch {
  const room = (): Float64Array => new Float64Array(256);
  return { bits, present: room(), units: room(), trial: room(), best: room() };
}

/** Appends the column; NaN values are left out. `grid` is the finest grid to keep. */
export function encodeColumn(out: ByteWriter, values: Float64Array, length: number, grid: number, scratch: ColumnScratch): void {
  reserve(scratch, length);
  const count = compact(values, length, scratch.present);
  const flags = count === length ? 0 : FLAG_PRESENCE;
  if (count === 0) {
    out.u8(KIND_ABSENT);
    return;
  }
  if (isConstant(scratch.present, count)) {
    out.u8(KIND_CONSTANT | flags);
    if (flags !== 0) writePresence(out, values, length);
    out.f64(scratch.present[0] as number);
    return;
  }
  const exponent = coarsestGrid(scratch.present, count, grid);
  if (!quantise(scratch.present, count, exponent, scratch.units)) {
    out.u8(KIND_PLAIN | flags);
    if (flags !== 0) writePresence(out, values, length);
    for (let index = 0; index < count; index++) out.f64(scratch.present[index] as number);
    return;
  }
  const order = bestOrder(scratch, count);
  out.u8(KIND_PACKED | flags | (order << ORDER_SHIFT));
  if (flags !== 0) writePresence(out, values, length);
  out.u8(exponent & 0xff);
  writePacked(out, scratch, count, order);
}

/** Reads a column of `length` rows at `offset` into `into`. */
export function decodeColumn(bytes: Uint8Array, offset: number, into: Float64Array, length: number): void {
  const cursor: Cursor = { bytes, at: offset };
  const head = takeU8(cursor);
  const kind = head & KIND_MASK;
  if (kind === KIND_ABSENT) {
    into.fill(Number.NaN, 0, length);
    return;
  }
  const presence = (head & FLAG_PRESENCE) === 0 ? undefined : bytes.subarray(cursor.at, cursor.at + Math.ceil(length / 8));
  cursor.at += presence?.length ?? 0;
  const count = presence === undefined ? length : countBits(presence);
  switch (kind) {
    case KIND_CONSTANT:
      into.fill(takeF64(cursor), 0, count);
      break;
    case KIND_PLAIN:
      for (let index = 0; index < count; index++) into[index] = takeF64(cursor);
      break;
    case KIND_PACKED: {
      const exponent = (takeU8(cursor) << 24) >> 24;
      const order = (head >>> ORDER_SHIFT) & 3;
      const first = unzigzag(takeVarint(cursor));
      const second = order === 2 ? unzigzag(takeVarint(cursor)) : 0;
      readPacked(bytes, cursor.at, into, count, { order, first, second });
      restore(into, count, exponent);
      break;
    }
    default:
      throw new RangeError(`unknown kind of column ${kind}`);
  }
  if (presence !== undefined) spread(into, presence, length, count);
}

function reserve(scratch: ColumnScratch, length: number): void {
  if (scratch.present.length >= length) return;
  scratch.present = new Float64Array(length);
  scratch.units = new Float64Array(length);
  scratch.trial = new Float64Array(length);
  scratch.best = new Float64Array(length);
}

function compact(values: Float64Array, length: number, into: Float64Array): number {
  let count = 0;
  for (let index = 0; index < length; index++) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) into[count++] = value;
  }
  return count;
}

function isConstant(values: Float64Array, count: number): boolean {
  for (let index = 1; index < count; index++) {
    if (values[index] !== values[0]) return false;
  }
  return true;
}

/** Order 0 keeps distances from the smallest value, 1 differences, 2 differences of differences. Leaves the cheapest in `scratch.best`. */
function bestOrder(scratch: ColumnScratch, count: number): number {
  let order = 0;
  let cheapest = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial <= Math.min(2, count - 1); trial++) {
    const residuals = residualsOf(scratch.units, count, trial, scratch.trial);
    const bits = riceBits(scratch.trial, residuals);
    if (bits >= cheapest) continue;
    cheapest = bits;
    order = trial;
    [scratch.best, scratch.trial] = [scratch.trial, scratch.best];
  }
  return order;
}

function residualsOf(units: Float64Array, count: number, order: number, into: Float64Array): number {
  if (order === 0) {
    const low = lowest(units, count);
    for (let index = 0; index < count; index++) into[index] = (units[index] as number) - low;
    return count;
  }
  for (let index = order; index < count; index++) {
    const step = (units[index] as number) - (units[index - 1] as number);
    const before = order === 1 ? 0 : (units[index - 1] as number) - (units[index - 2] as number);
    into[index - order] = zigzag(step - before);
  }
  return count - order;
}

function lowest(units: Float64Array, count: number): number {
  let low = units[0] as number;
  for (let index = 1; index < count; index++) low = Math.min(low, units[index] as number);
  return low;
}

function writePacked(out: ByteWriter, scratch: ColumnScratch, count: number, order: number): void {
  const first = order === 0 ? lowest(scratch.units, count) : (scratch.units[0] as number);
  out.varint(zigzag(first));
  if (order === 2) out.varint(zigzag((scratch.units[1] as number) - first));
  scratch.bits.reset();
  writeRice(scratch.bits, scratch.best, count - order);
  out.bytes(scratch.bits.finish());
}

function readPacked(
  bytes: Uint8Array,
  offset: number,
  into: Float64Array,
  count: number,
  start: { order: number; first: number; second: number },
): void {
  const { order, first, second } = start;
  if (order === 0) {
    readRice(bytes, offset, into, count);
    for (let index = 0; index < count; index++) into[index] = (into[index] as number) + first;
    return;
  }
  const rest = into.subarray(order, count);
  readRice(bytes, offset, rest, count - order);
  into[0] = first;
  let value = first;
  let step = second;
  if (order === 2) {
    value += second;
    into[1] = value;
  }
  for (let index = order; index < count; index++) {
    const residual = unzigzag(into[index] as number);
    step = order === 2 ? step + residual : residual;
    value += step;
    into[index] = value;
  }
}

function writePresence(out: ByteWriter, values: Float64Array, length: number): void {
  for (let from = 0; from < length; from += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8 && from + bit < length; bit++) {
      if (!Number.isNaN(values[from + bit])) byte |= 1 << bit;
    }
    out.u8(byte);
  }
}

function countBits(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) {
    for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  }
  return count;
}

/** Moves the values from the front to the rows they belong to. */
function spread(into: Float64Array, presence: Uint8Array, length: number, count: number): void {
  let from = count;
  for (let row = length - 1; row >= 0; row--) {
    const present = ((presence[row >>> 3] as number) >>> (row & 7)) & 1;
    into[row] = present === 1 ? (into[--from] as number) : Number.NaN;
  }
}
