import { readBlock, readBlockHead } from "../codec/block.ts";
import { createBuckets, type Buckets, type Points } from "./buckets.ts";
import { DAY_MS, HALF_MS, ROLL_MS, type Catalog } from "../files/catalog.ts";
import type { ChunkLog } from "../files/chunk-log.ts";
import { CHUNK_HEAD } from "../files/chunk-log.ts";
import { decodeColumn } from "../codec/column-codec.ts";
import type { Dropped } from "../files/dropped.ts";
import type { FamilyPlan } from "../families.ts";
import { headRows, type Group } from "../head.ts";
import type { Question, WantedColumn } from "./question.ts";
import { emptyRows, mergeRows, type Rows } from "../codec/rows.ts";
import { daysOf, sourcesOf } from "./sources.ts";
import { foldOf, matchColumns, ownStat, rolledName, type Stat } from "../schema.ts";
import type { Segment } from "../files/segment.ts";

/** Rows of a group, and the number of the last of them. */
export interface SealedRows {
  readonly rows: Rows;
  readonly number: number;
}

/** Reads what is stored, wherever it lies. */
export interface Reading {
  answer(question: Question): Points;
  /** All sealed points of a group of one day, without repeated slots; undefined when there are none. */
  sealedDay(plan: FamilyPlan, key: number, day: number): SealedRows | undefined;
  /** What one segment of points holds of a group. */
  segmentDay(segment: Segment, plan: FamilyPlan, key: number): SealedRows | undefined;
  /** Damaged parts met so far; each is counted once. */
  readonly damaged: number;
}

const MOST_DAMAGE_REMEMBERED = 10_000;
const MOST_BUCKETS = 500_000;

export function wantColumn(plan: FamilyPlan, name: string, stat: Stat | undefined): WantedColumn {
  const index = plan.family.columns.findIndex((column) => column.name === name);
  const column = plan.family.columns[index];
  if (column === undefined) throw new RangeError(`family ${plan.family.name} has no column ${name}`);
  const chosen = stat ?? ownStat(column);
  if (column.fold === "sum" && chosen !== "sum") throw new RangeError(`${name} is a count: only its sum is kept`);
  return { index, name, stat: chosen, fold: foldOf(chosen), own: chosen === ownStat(column) };
}

export function createReading(deps: { catalog: Catalog; dropped: Dropped; slotMs: number }): Reading {
  const { catalog, dropped, slotMs } = deps;
  const damage = new Set<string>();
  let values = new Float64Array(4_096);
  const note = (path: string, offset: number): void => {
    if (damage.size < MOST_DAMAGE_REMEMBERED) damage.add(`${path}:${offset}`);
  };
  /** Runs a read; nonsense in a file is counted and read as nothing. */
  const guarded = <T>(path: string, offset: number, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      note(path, offset);
      return undefined;
    }
  };
  const room = (rows: number): Float64Array => {
    if (values.length < rows) values = new Float64Array(rows * 2);
    return values;
  };
  const foldChunks = (log: ChunkLog, { plan, key, columns }: Question, into: Buckets): void => {
    const family = familyIn(log.families, plan);
    if (family < 0) return;
    const positions = matchColumns(columns, log.families[family]?.columns ?? []);
    const gone = dropped.before(plan.index, key);
    log.forGroup(family, key, (bytes, offset, number) => {
      if (bytes === undefined) return note(log.path, offset);
      if (number <= gone) return;
      guarded(log.path, offset, () => {
        const head = readBlockHead(bytes, CHUNK_HEAD);
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
  /** With `days` only rows of these count; others are answered by other files. */
  const foldSegment = (segment: Segment, question: Question, into: Buckets, days: ReadonlySet<number> | undefined): void => {
    const isRolled = segment.resolution === ROLL_MS.five || segment.resolution === ROLL_MS.hour;
    const names = question.columns.map(({ name, stat }) => ({ name: isRolled ? rolledName(name, stat) : name }));
    const family = segment.family(question.plan.family.name);
    if (family < 0) return;
    const entry = guarded(segment.path, 0, () => segment.find(family, question.key));
    if (entry === undefined || entry.number <= dropped.before(question.plan.index, question.key)) return;
    guarded(segment.path, entry.offset, () => {
      const positions = matchColumns(names, segment.families[family]?.columns ?? []);
      const points = segment.readHead(entry);
      const rows = { slots: points.slots, counts: points.counts, length: points.rows };
      const isForeign = days && ((row: number) => !days.has(Math.floor(((points.slots[row] as number) * segment.resolution) / DAY_MS)));
      if (isForeign !== undefined) blank(points.counts, points.rows, isForeign, 0);
      for (const [index, position] of positions.entries()) {
        const column = room(points.rows);
        const read = guarded(segment.path, entry.offset + 1 + position, () => {
          if (position < 0) column.fill(Number.NaN, 0, points.rows);
          else segment.readColumn(entry, points, position, column);
          return true;
        });
        if (read === undefined) column.fill(Number.NaN, 0, points.rows);
        if (isForeign !== undefined) blank(column, points.rows, isForeign, Number.NaN);
        into.fold(index, rows, column, { slotMs: segment.resolution, samples: segment.resolution === slotMs });
      }
    });
  };
  /** False when a file turned out to be damaged that others can stand in for: the answer has to be begun again. */
  const foldDays = (question: Question, into: Buckets): boolean => {
    const days = daysOf(question, catalog);
    for (const day of days) {
      const log = catalog.chunks(day);
      if (log !== undefined) foldChunks(log, question, into);
    }
    for (const [segment, answered] of sourcesOf(question, days, catalog)) {
      const before = damage.size;
      const partly = days.some((day) => segment.day <= day && day < segment.day + segment.days && !answered.has(day));
      foldSegment(segment, question, into, partly ? answered : undefined);
      if (segment.resolution !== HALF_MS || damage.size === before) continue;
      // Nothing is lost with it: it is made anew, and the points themselves answer meanwhile.
      catalog.remove(segment);
      return false;
    }
    return true;
  };
  const answer = (question: Question): Points => {
    if ((question.to - question.from) / question.step > MOST_BUCKETS) throw new RangeError("too many points asked for at once");
    const into = createBuckets(question.from, question.to, question.step, question.columns);
    if (question.group !== undefined) foldHead(question, question.group, into, slotMs);
    if (!foldDays(question, into)) return answer(question);
    catalog.releaseIdle();
    return into.points();
  };
  const segmentDay = (segment: Segment, plan: FamilyPlan, key: number): SealedRows | undefined => {
    const family = segment.family(plan.family.name);
    const entry = family < 0 ? undefined : guarded(segment.path, 0, () => segment.find(family, key));
    if (entry === undefined || entry.number <= dropped.before(plan.index, key)) return undefined;
    const onDamage = (): void => note(segment.path, entry.offset + 1);
    const rows = guarded(segment.path, entry.offset, () => segment.readRows(entry, family, plan.family.columns, onDamage));
    return rows === undefined ? undefined : { rows, number: entry.number };
  };
  return {
    segmentDay,
    answer,
    sealedDay: (plan, key, day) => {
      const gone = dropped.before(plan.index, key);
      const sources: Rows[] = [];
      let number = 0;
      const log = catalog.chunks(day);
      const logFamily = log === undefined ? -1 : familyIn(log.families, plan);
      if (log !== undefined && logFamily >= 0) {
        const positions = matchColumns(plan.family.columns, log.families[logFamily]?.columns ?? []);
        log.forGroup(logFamily, key, (bytes, offset, last) => {
          if (bytes === undefined) return note(log.path, offset);
          if (last <= gone) return;
          const rows = guarded(log.path, offset, () => readBlock(bytes, CHUNK_HEAD, positions));
          if (rows !== undefined) sources.unshift(rows);
          number = Math.max(number, last);
        });
      }
      const raw = catalog.raw(day);
      const sealed = raw === undefined ? undefined : segmentDay(raw, plan, key);
      if (sealed !== undefined) {
        sources.unshift(sealed.rows);
        number = Math.max(number, sealed.number);
      }
      return sources.length === 0 ? undefined : { rows: mergeRows(sources, plan.folds), number };
    },
    get damaged() {
      return damage.size;
    },
  };
}

/** Position of the plan's family in a file. */
export function familyIn(families: readonly { readonly name: string }[], plan: FamilyPlan): number {
  return families.findIndex(({ name }) => name === plan.family.name);
}

function blank(values: Float64Array | Uint32Array, length: number, isForeign: (row: number) => boolean, by: number): void {
  for (let row = 0; row < length; row++) if (isForeign(row)) values[row] = by;
}

function foldHead({ columns }: Question, group: Group, into: Buckets, slotMs: number): void {
  if (group.slot >= 0 && group.count > 0) {
    const open = emptyRows(1, columns.length);
    open.slots[0] = group.slot;
    open.counts[0] = group.count;
    for (const [index, column] of columns.entries()) {
      into.fold(index, open, group.values.subarray(column.index, column.index + 1), { slotMs, samples: true });
    }
  }
  if (group.rows.length === 0) return;
  const rows = headRows(
    group,
    columns.map(({ index }) => index),
  );
  for (const [index, values] of rows.columns.entries()) into.fold(index, rows, values, { slotMs, samples: true });
}
