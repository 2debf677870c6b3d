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
  readonly values: Float64Array;
}

interface Place {
  stamp: number;
  readonly values: Float64Array;
}

/** Lines of `/api/v1/export`. Text of another kind ends it with an error. */
export function* seriesOf(bytes: Buffer): Generator<ExportedSeries> {
  for (let from = 0; from < bytes.byteLength;) {
    const end = bytes.indexOf(0x0a, from);
    const line = bytes.toString("utf8", from, end < 0 ? bytes.byteLength : end);
    from = end < 0 ? bytes.byteLength : end + 1;
    if (line.trim() !== "") yield JSON.parse(line) as ExportedSeries;
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
  const places = new Map<number, Place>();
  for (const [column, pieces] of columns.entries()) {
    for (const { timestamps, values } of pieces) {
      for (const [index, stamp] of timestamps.entries()) {
        const place = placeAt(places, stamp, columns.length);
        if (place !== undefined) place.values[column] = values[index] ?? Number.NaN;
      }
    }
  }
  for (const { slot, count, values } of newer) {
    const known = places.get(slot);
    if (known !== undefined && samplesOf(known.stamp) > count) continue;
    places.set(slot, { stamp: Number.NaN, values: Float64Array.from(positions, (position) => values[position] as number) });
  }
  const counts = new Map(newer.map(({ slot, count }) => [slot, count]));
  const sorted = [...places].toSorted(([a], [b]) => a - b);
  return {
    length: sorted.length,
    slots: Int32Array.from(sorted, ([slot]) => slot),
    counts: Uint32Array.from(sorted, ([slot, { stamp }]) => (Number.isNaN(stamp) ? (counts.get(slot) ?? 1) : samplesOf(stamp))),
    columns: columns.map((_series, column) => Float64Array.from(sorted, ([, { values }]) => values[column] as number)),
  };
}

/** Where a value with this stamp goes; undefined where a later stamp holds the half minute. */
function placeAt(places: Map<number, Place>, stamp: number, columns: number): Place | undefined {
  const slot = slotOf(stamp);
  const known = places.get(slot);
  if (known !== undefined && known.stamp === stamp) return known;
  if (known !== undefined && known.stamp > stamp) return undefined;
  const place = { stamp, values: new Float64Array(columns).fill(Number.NaN) };
  places.set(slot, place);
  return place;
}
