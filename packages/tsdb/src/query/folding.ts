import { createHeadRoom, readBlockHead } from "../codec/block.ts";
import { decodeColumn } from "../codec/column-codec.ts";
import { emptyRows } from "../codec/rows.ts";
import { CHUNK_HEAD, type ChunkLog } from "../files/chunk-log.ts";
import type { Dropped } from "../files/dropped.ts";
import type { Segment } from "../files/segment.ts";
import { DAY_MS, ROLL_MS } from "../files/segment-kinds.ts";
import { headRows, type Group } from "../head.ts";
import { matchColumns, rolledName } from "../schema.ts";
import type { RowSink } from "./buckets.ts";
import type { Damage } from "./damage.ts";
import { familyIn, type Question } from "./question.ts";

/** Hands over what one file holds for a question. */
export interface Folding {
  chunks(log: ChunkLog, question: Question, into: RowSink): void;
  /** With `days` only rows of these count; others are answered by other files. */
  segment(segment: Segment, question: Question, into: RowSink, days: ReadonlySet<number> | undefined): void;
}

export function createFolding({ dropped, damage, slotMs }: { dropped: Dropped; damage: Damage; slotMs: number }): Folding {
  const { guarded, note } = damage;
  const heads = createHeadRoom();
  let values = new Float64Array(4_096);
  const room = (rows: number): Float64Array => {
    if (values.length < rows) values = new Float64Array(rows * 2);
    return values;
  };
  const chunks = (log: ChunkLog, { plan, key, columns }: Question, into: RowSink): void => {
    const family = familyIn(log.families, plan);
    if (family < 0) return;
    const positions = matchColumns(columns, log.families[family]?.columns ?? []);
    const gone = dropped.before(plan.index, key);
    log.forGroup(family, key, (bytes, offset, number) => {
      if (bytes === undefined) return note(log.path, offset);
      if (number <= gone) return;
      guarded(log.path, offset, () => {
        const head = readBlockHead(bytes, CHUNK_HEAD, heads);
        const rows = { slots: head.slots, counts: head.counts, length: head.rows };
        for (const [index, position] of positions.entries()) {
          const column = room(head.rows);
          if (position < 0) column.fill(Number.NaN, 0, head.rows);
          else decodeColumn(bytes, head.end + (head.offsets[position] as number), column, head.rows);
          into.fold(index, rows, column, { slotMs, samples: true });
        }
      });
    });
  };
  const segment = (from: Segment, question: Question, into: RowSink, days: ReadonlySet<number> | undefined): void => {
    const isRolled = from.resolution === ROLL_MS.five || from.resolution === ROLL_MS.hour;
    const names = question.columns.map(({ name, stat }) => ({ name: isRolled ? rolledName(name, stat) : name }));
    const family = from.family(question.plan.family.name);
    if (family < 0) return;
    const entry = guarded(from.path, 0, () => from.find(family, question.key));
    if (entry === undefined || entry.number <= dropped.before(question.plan.index, question.key)) return;
    guarded(from.path, entry.offset, () => {
      const positions = matchColumns(names, from.families[family]?.columns ?? []);
      const points = from.readHead(entry);
      const rows = { slots: points.slots, counts: points.counts, length: points.rows };
      const isForeign = days && ((row: number) => !days.has(Math.floor(((points.slots[row] as number) * from.resolution) / DAY_MS)));
      if (isForeign !== undefined) blank(points.counts, points.rows, isForeign, 0);
      for (const [index, position] of positions.entries()) {
        const column = room(points.rows);
        const read = guarded(from.path, entry.offset + 1 + position, () => {
          if (position < 0) column.fill(Number.NaN, 0, points.rows);
          else from.readColumn(entry, points, position, column);
          return true;
        });
        if (read === undefined) column.fill(Number.NaN, 0, points.rows);
        if (isForeign !== undefined) blank(column, points.rows, isForeign, Number.NaN);
        into.fold(index, rows, column, { slotMs: from.resolution, samples: from.resolution === slotMs });
      }
    });
  };
  return { chunks, segment };
}

/** Points that are in memory. */
export function foldHead({ columns, from, to }: Question, group: Group, into: RowSink, slotMs: number): void {
  const indexes = columns.map(({ index }) => index);
  const rows = headRows(group, indexes, Math.floor(from / slotMs), Math.floor(to / slotMs));
  if (rows.length > 0) {
    for (const [index, values] of rows.columns.entries()) into.fold(index, rows, values, { slotMs, samples: true });
  }
  if (group.slot < 0 || group.count === 0) return;
  const open = emptyRows(1, columns.length);
  open.slots[0] = group.slot;
  open.counts[0] = group.count;
  for (const [index, column] of columns.entries()) {
    into.fold(index, open, group.values.subarray(column.index, column.index + 1), { slotMs, samples: true });
  }
}

function blank(values: Float64Array | Uint32Array, length: number, isForeign: (row: number) => boolean, by: number): void {
  for (let row = 0; row < length; row++) if (isForeign(row)) values[row] = by;
}
