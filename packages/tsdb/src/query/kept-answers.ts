import type { Catalog } from "../files/catalog.ts";
import type { Dropped } from "../files/dropped.ts";
import { DAY_MS } from "../files/segment-kinds.ts";
import { createBuckets, type Buckets, type RowSink } from "./buckets.ts";
import { createKeptRows, type KeptRows } from "./kept-rows.ts";
import type { Question } from "./question.ts";

/** More than this is not kept of one answer. */
const MOST_BYTES = 2 ** 16;
/** What an entry takes besides the numbers in it. */
const ENTRY_BYTES = 4_096;

/**
 * What sealed files say of a window, kept for those who ask again: the past is read once in the time of a bucket. What is in memory is no
 * part of it. The bucket in which a window begins is kept as rows, since the window moves through it.
 */
export interface KeptAnswers {
  /** Buckets of a window that begins with one of them, without what is in memory. They are the caller's. */
  whole(question: Question): Buckets;
  /** Hands over the rows of the bucket that ends where `question` begins, whose rows the caller knows how to cut. */
  before(question: Question, into: RowSink): void;
}

interface Entry {
  /** What it was made of; another one: it is of no use any more. */
  readonly source: string;
  readonly whole: Buckets;
  readonly before?: KeptRows;
  readonly bytes: number;
}

interface Deps {
  readonly catalog: Catalog;
  readonly dropped: Dropped;
  readonly slotMs: number;
  /** Memory for all of them. */
  readonly limitBytes: number;
  /** Hands what sealed files hold of a question to what `begin` makes, which is made anew when a file turns out to be damaged. */
  readonly sealed: <Sink extends RowSink>(question: Question, begin: () => Sink) => Sink;
}

export function createKeptAnswers({ catalog, dropped, slotMs, limitBytes, sealed }: Deps): KeptAnswers {
  const entries = new Map<string, Entry>();
  let held = 0;

  const forget = (key: string): void => {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  const keep = (key: string, entry: Entry): void => {
    forget(key);
    if (entry.bytes > Math.min(MOST_BYTES, limitBytes)) return;
    entries.set(key, entry);
    held += entry.bytes;
    for (const oldest of entries.keys()) {
      if (held <= limitBytes) return;
      forget(oldest);
    }
  };
  /** The entry of a question, as the one that was used last. */
  const find = (key: string, source: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry?.source !== source) return undefined;
    entries.delete(key);
    entries.set(key, entry);
    return entry;
  };
  /** Files never change; which of them answer does, and chunks come. */
  const sourceOf = ({ plan, key, from, to, step, isContinued = false }: Question): string => {
    const days = catalog.chunkDays().filter((day) => day >= Math.floor(from / DAY_MS) - 1 && day <= Math.floor(to / DAY_MS));
    const marks = days.map((day) => `${day}:${catalog.chunks(day)?.mark(plan.index, key)}`);
    return `${catalog.version} ${dropped.before(plan.index, key)} ${from} ${Math.floor(to / step)} ${isContinued} ${marks.join(" ")}`;
  };
  const rowsBefore = (question: Question): KeptRows => {
    // In steps of points: what is put together already cannot be cut.
    const bucket = { ...question, from: question.from - question.step, to: question.from - 1, step: slotMs, isContinued: false };
    return sealed(bucket, () => createKeptRows(bucket));
  };

  return {
    whole: (question) => {
      const { to, step, columns } = question;
      const key = keyOf(question);
      const source = sourceOf(question);
      const bucketEnd = (Math.floor(to / step) + 1) * step - 1;
      const found = find(key, source);
      const whole = found?.whole ?? sealed({ ...question, to: bucketEnd }, () => createBuckets({ ...question, to: bucketEnd }, columns));
      // Somebody asks for an earlier time, or the clock was ahead for a while.
      if (whole.newest > to) return sealed(question, () => createBuckets(question, columns));
      if (found === undefined) keep(key, { source, whole, bytes: whole.bytes + ENTRY_BYTES });
      return whole.copy(to);
    },
    before: (question, into) => {
      const key = keyOf(question);
      const entry = find(key, sourceOf(question));
      const rows = entry?.before ?? rowsBefore(question);
      rows.handOver(into);
      if (entry === undefined || entry.before !== undefined || entry.bytes + rows.bytes > MOST_BYTES) return;
      keep(key, { ...entry, before: rows, bytes: entry.bytes + rows.bytes });
    },
  };
}

function keyOf({ plan, key, step, columns }: Question): string {
  return `${plan.index} ${key} ${step} ${columns.map(({ index, stat }) => `${index}${stat}`).join(" ")}`;
}
