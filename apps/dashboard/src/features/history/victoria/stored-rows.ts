import { readJson } from "./json.ts";
import { samplesOf, slotOf } from "./stamp.ts";

/** Points of a group as they are kept, ascending by half minute; NaN where a column has none. */
export interface StoredRows {
  readonly length: number;
  readonly slots: Int32Array;
  readonly counts: Uint32Array;
  readonly columns: readonly Float64Array[];
}

/** One series as `/api/v1/export` writes it. */
export interface ExportedSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
  readonly timestamps: readonly number[];
}

/** A half minute that is held here as well. */
export interface NewerRow {
  readonly slot: number;
  readonly count: number;
  readonly values: ArrayLike<number>;
}

/** Lines of `/api/v1/export`. Text of another kind ends it with an error. */
export function* seriesOf(bytes: Buffer): Generator<ExportedSeries> {
  for (let from = 0; from < bytes.byteLength;) {
    const end = bytes.indexOf(0x0a, from);
    const line = bytes.toString("utf8", from, end < 0 ? bytes.byteLength : end);
    from = end < 0 ? bytes.byteLength : end + 1;
    if (line.trim() !== "") yield readJson(line) as ExportedSeries;
  }
}

/**
 * Points of one group out of its series. A half minute counts once: of several points in it that with the most samples, whole, and of
 * equal ones any. What is held here wins where it has as many samples.
 *
 * @param columns the series of each column, which may come in several pieces
 */
export function rowsOf(
  columns: readonly (readonly ExportedSeries[])[],
  newer: readonly NewerRow[],
  positions: readonly number[],
): StoredRows {
  const rows = createRows(columns.length, Math.max(0, ...columns.map(lengthOf)) + newer.length);
  const ours = newestOf(newer);
  const theirs = mergeColumns(columns);
  for (let next = theirs.next(); next !== undefined; next = theirs.next()) {
    const slot = slotOf(next.stamp);
    while (ours.length > 0 && (ours.at(-1) as NewerRow).slot < slot) rows.addRow(ours.pop() as NewerRow, positions);
    // Of a half minute the latest stamp comes last, and takes the place of the others.
    rows.add(slot, samplesOf(next.stamp), next.values);
    if (theirs.slotEnds() && ours.at(-1)?.slot === slot) {
      const own = ours.pop() as NewerRow;
      if (own.count >= samplesOf(next.stamp)) rows.addRow(own, positions);
    }
  }
  while (ours.length > 0) rows.addRow(ours.pop() as NewerRow, positions);
  return rows.take();
}

/** One of each half minute, that with the most samples; the oldest is the last. */
function newestOf(newer: readonly NewerRow[]): NewerRow[] {
  const best = new Map<number, NewerRow>();
  for (const row of newer) if ((best.get(row.slot)?.count ?? -1) <= row.count) best.set(row.slot, row);
  return [...best.values()].toSorted((a, b) => b.slot - a.slot);
}

function lengthOf(pieces: readonly ExportedSeries[]): number {
  return pieces.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
}

/** Rows in a growing order; one of the same half minute as the last takes its place. */
function createRows(width: number, most: number) {
  const slots = new Int32Array(most * 2);
  const counts = new Uint32Array(most * 2);
  const columns = Array.from({ length: width }, () => new Float64Array(most * 2));
  let length = 0;
  const place = (slot: number, count: number): number => {
    if (length === 0 || slots[length - 1] !== slot) length++;
    slots[length - 1] = slot;
    counts[length - 1] = count;
    return length - 1;
  };
  return {
    add: (slot: number, count: number, values: Float64Array): void => {
      const at = place(slot, count);
      for (let column = 0; column < width; column++) (columns[column] as Float64Array)[at] = values[column] as number;
    },
    addRow: ({ slot, count, values }: NewerRow, positions: readonly number[]): void => {
      const at = place(slot, count);
      for (let column = 0; column < width; column++) (columns[column] as Float64Array)[at] = values[positions[column] as number] as number;
    },
    take: (): StoredRows => ({
      length,
      slots: slots.subarray(0, length),
      counts: counts.subarray(0, length),
      columns: columns.map((column) => column.subarray(0, length)),
    }),
  };
}

/** Goes through all columns by their stamps. `values` is filled anew each time. */
function mergeColumns(columns: readonly (readonly ExportedSeries[])[]) {
  const sorted = columns.map(inOrder);
  const places = columns.map(() => 0);
  const row = { stamp: 0, values: new Float64Array(columns.length) };
  const ahead = (): number =>
    sorted.reduce(
      (least, { timestamps }, column) => Math.min(least, timestamps[places[column] as number] ?? least),
      Number.POSITIVE_INFINITY,
    );
  return {
    next: (): typeof row | undefined => {
      row.stamp = ahead();
      if (row.stamp === Number.POSITIVE_INFINITY) return undefined;
      for (const [column, { timestamps, values }] of sorted.entries()) {
        row.values[column] = Number.NaN;
        // The same stamp twice is the same point sent twice.
        for (let at = places[column] as number; timestamps[at] === row.stamp; at++) {
          row.values[column] = values[at] ?? Number.NaN;
          places[column] = at + 1;
        }
      }
      return row;
    },
    /** Whether what was read last is the last of its half minute. */
    slotEnds: (): boolean => slotOf(ahead()) !== slotOf(row.stamp),
  };
}

/** The pieces of a series as one, ascending. */
function inOrder(pieces: readonly ExportedSeries[]): Pick<ExportedSeries, "timestamps" | "values"> {
  const [only, ...more] = pieces;
  if (only !== undefined && more.length === 0) return only;
  const points = pieces.flatMap(({ timestamps, values }) => timestamps.map((stamp, index) => [stamp, values[index] ?? null] as const));
  const sorted = points.toSorted(([a], [b]) => a - b);
  return { timestamps: sorted.map(([stamp]) => stamp), values: sorted.map(([, value]) => value) };
}
