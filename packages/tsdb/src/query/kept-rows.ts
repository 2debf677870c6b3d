import { firstAt } from "../codec/rows.ts";
import type { RowTimes } from "./bucket-columns.ts";
import { firstInside, type BucketWindow, type FoldSource, type RowSink } from "./buckets.ts";

/** The rows of a window, whatever they came from. */
export interface KeptRows extends RowSink {
  /** Hands them over as they came. */
  handOver(into: RowSink): void;
  readonly bytes: number;
}

/** Rows of one source. */
interface Part {
  readonly rows: RowTimes;
  readonly columns: Float64Array[];
  readonly source: FoldSource;
}

const PART_BYTES = 256;

export function createKeptRows(window: BucketWindow): KeptRows {
  const parts: Part[] = [];
  let bytes = 0;
  let taken: { readonly rows: RowTimes; readonly from: number; readonly to: number; readonly columns: Float64Array[] } | undefined;
  return {
    fold: (index, rows, values, source) => {
      if (taken?.rows !== rows) {
        const from = firstInside(rows, source.slotMs, window);
        const to = firstAt(rows.slots, rows.length, Math.floor(window.to / source.slotMs) + 1);
        taken = { rows, from, to, columns: [] };
        if (from < to) {
          const times = { length: to - from, slots: rows.slots.slice(from, to), counts: rows.counts.slice(from, to) };
          parts.push({ rows: times, columns: taken.columns, source });
          bytes += times.slots.byteLength + times.counts.byteLength + PART_BYTES;
        }
      }
      if (taken.from >= taken.to) return;
      const column = values.slice(taken.from, taken.to);
      taken.columns[index] = column;
      bytes += column.byteLength;
    },
    handOver: (into) => {
      // Of the rows of files only those of the window are kept.
      taken = undefined;
      for (const { rows, columns, source } of parts)
        for (const [index, values] of columns.entries()) into.fold(index, rows, values, source);
    },
    get bytes() {
      return bytes;
    },
  };
}
