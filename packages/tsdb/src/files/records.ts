import { takeF64, takeU16, takeU32, takeU8, type ByteWriter, type Cursor } from "../codec/bytes.ts";
import type { StoredFamily } from "../schema.ts";
import { matchColumns } from "../schema.ts";

/** One row in a log. In the log of open slots `number` is that of the last row of the group that was closed before. */
export interface LogRecord {
  readonly family: number;
  readonly key: number;
  readonly number: number;
  readonly slot: number;
  readonly count: number;
  readonly values: Float64Array;
}

/** Appends a record. */
export function writeRecord(
  out: ByteWriter,
  record: Omit<LogRecord, "values">,
  values: Float64Array,
  offset = 0,
  columns = values.length,
): void {
  out.u8(record.family);
  out.f64(record.key);
  out.f64(record.number);
  out.u32(record.slot);
  out.u32(record.count);
  out.u16(columns);
  for (let column = 0; column < columns; column++) out.f64(values[offset + column] as number);
}

/**
 * Reads the records of a payload whose file was written for the families `stored`, as records of the families `wanted`: columns are found
 * by name, rows of families that are gone are left out. `record.values` is reused.
 */
export function readRecords(
  payload: Uint8Array,
  stored: readonly StoredFamily[],
  wanted: readonly StoredFamily[],
  visit: (record: LogRecord) => void,
): void {
  const cursor: Cursor = { bytes: payload, at: 0 };
  const maps = stored.map((family) => {
    const index = wanted.findIndex(({ name }) => name === family.name);
    const columns = wanted[index]?.columns ?? [];
    return { index, positions: matchColumns(columns, family.columns), values: new Float64Array(columns.length) };
  });
  while (cursor.at < payload.length) {
    const map = maps[takeU8(cursor)];
    const key = takeF64(cursor);
    const number = takeF64(cursor);
    const slot = takeU32(cursor);
    const count = takeU32(cursor);
    const columns = takeU16(cursor);
    const start = cursor.at;
    cursor.at += columns * 8;
    if (map === undefined || map.index < 0) continue;
    for (const [column, position] of map.positions.entries()) {
      if (position >= 0) cursor.at = start + position * 8;
      map.values[column] = position < 0 || position >= columns ? Number.NaN : takeF64(cursor);
    }
    cursor.at = start + columns * 8;
    visit({ family: map.index, key, number, slot, count, values: map.values });
  }
}
