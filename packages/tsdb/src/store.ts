import { createSerialQueue, type Clock } from "@windfire/kit";
import { createBlockEncoder } from "./codec/block.ts";
import type { Points } from "./query/buckets.ts";
import { DAY_MS, openCatalog } from "./files/catalog.ts";
import type { Disk } from "./files/disk.ts";
import { openDropped } from "./files/dropped.ts";
import { planFamilies, pointFamilies, type FamilyPlan } from "./families.ts";
import { createGate } from "./gate.ts";
import { addRow, addSample, clearGroup, createGroup, newestRow, openSlot, type Group } from "./head.ts";
import { createPagePool, type PagePool } from "./codec/row-pages.ts";
import { createJournal } from "./files/journal.ts";
import { createReading, wantColumn } from "./query/reading.ts";
import { recover } from "./files/recovery.ts";
import { createRounds } from "./upkeep/rounds.ts";
import type { Family, Stat } from "./schema.ts";
import type { StoreStats } from "./stats.ts";
import { createUpkeep } from "./upkeep/upkeep.ts";

/** Milliseconds of a point. */
export const SLOT_MS = 30_000;

export interface Query {
  readonly family: string;
  readonly group: number;
  /** Columns of the answer; without `stat` what the column is stored by. Counts have only their sum. */
  readonly columns: readonly { readonly column: string; readonly stat?: Stat }[];
  /** Unix milliseconds, both inside. The window is widened to whole points of the resolution that answers. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds of a bucket, a multiple of 30 000. */
  readonly step: number;
}

/** What is known of a group last. */
export interface Latest {
  /** Start of the slot, Unix milliseconds. */
  readonly at: number;
  /** In the order of the family's columns; NaN where there is none. */
  readonly values: Float64Array;
}

/**
 * Samples of many sources. Samples of 30 seconds become one point; points are kept for `rawDays`, then as 5-minute and 1-hour roll-ups.
 * After a crash at most what came in since the last beat (3 seconds) is missing.
 */
export interface Store {
  /**
   * Takes one sample of all series of a group: `values[offset ..]` in the order of the family's columns. Values that are not finite are
   * left out. `at` is Unix milliseconds. Throws RangeError for a family that is not stored here.
   */
  append(family: string, group: number, at: number, values: ArrayLike<number>, offset?: number): void;
  query(query: Query): Promise<Points>;
  /** The newest values of a group; undefined when nothing is stored. */
  latest(family: string, group: number): Promise<Latest | undefined>;
  /** Keys of the groups that have ever been stored and not been dropped. */
  groups(family: string): Promise<number[]>;
  /** Whether anything was ever stored of a group, and not dropped. */
  has(family: string, group: number): Promise<boolean>;
  /** Forgets everything about a group. */
  drop(family: string, group: number): Promise<void>;
  stats(): Promise<StoreStats>;
  /** Does what is due: writes, seals, compacts, expires. To be called about once a second; failures stop writing and show in `stats`. */
  maintain(): Promise<void>;
  /** Resolves when everything taken so far has reached the disk; rejects when it cannot. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreLimits {
  /** Days for which 30-second points are kept. */
  readonly rawDays: number;
  readonly fiveMinuteDays: number;
  readonly hourDays: number;
  /** Bytes on disk; past it the oldest points go first. */
  readonly sizeBudgetBytes: number;
  /** Writing stops while less is free. */
  readonly minFreeBytes: number;
}

export interface StoreOptions {
  readonly folder: string;
  readonly families: readonly Family[];
  readonly limits: StoreLimits;
  readonly disk: Disk;
  readonly clock: Pick<Clock, "now" | "monotonic">;
  /** Memory for points that are not sealed yet, bytes; small budgets make small chunks. */
  readonly headBytes?: number;
  /** Lets other work run; called between pieces of long work. */
  readonly breathe?: () => Promise<void>;
}

const LATEST_TIME = 2 ** 31 * SLOT_MS;
const LARGEST_KEY = Number.MAX_SAFE_INTEGER;
const HEAD_BYTES = 12 * 2 ** 20;

/** Opens the store in a folder, which is created where missing. Only one store may use a folder at a time. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { disk, folder, clock, limits } = options;
  disk.ensureFolder(folder);
  const plans = planFamilies(options.families);
  const byName = new Map(plans.map((plan) => [plan.family.name, plan]));
  const groups = plans.map(() => new Map<number, Group>());
  const encoder = createBlockEncoder();
  const breathe = options.breathe ?? (() => new Promise<void>((resolve) => void setImmediate(resolve)));
  /** Number of the last row: rows are numbered through the whole store. */
  let last = 0;
  const catalog = openCatalog({ disk, folder, families: pointFamilies(plans), encoder });
  const dropped = openDropped(disk, folder, pointFamilies(plans));
  const gate = createGate({ disk, folder, minFreeBytes: limits.minFreeBytes });
  const reading = createReading({ catalog, dropped, slotMs: SLOT_MS });
  const upkeep = createUpkeep({ disk, folder, plans, catalog, dropped, reading, encoder, slotMs: SLOT_MS, last: () => last, breathe });
  const pools = plans.map(({ folds }) => createPagePool(folds.length + 2));
  const groupOf = (family: number, key: number): Group => {
    const table = groups[family] as Map<number, Group>;
    let group = table.get(key);
    if (group === undefined) {
      group = createGroup(family, key, pools[family] as PagePool);
      group.closed = dropped.before(family, key);
      table.set(key, group);
    }
    return group;
  };
  const recovered = recover({ disk, folder, plans, catalog, dropped, slotMs: SLOT_MS, now: clock.monotonic(), group: groupOf });
  last = recovered.last;
  const journal = createJournal({ disk, folder, families: pointFamilies(plans), ...recovered, onFailure: gate.fail });
  const lost = { stopped: 0, time: 0, notFinite: 0 };

  const closeSlot = (plan: FamilyPlan, group: Group): void => {
    if (group.slot < 0 || group.count === 0) return;
    const row = { slot: group.slot, count: group.count, values: group.values };
    journal.row(group, last + 1, row);
    addRow(group, plan.folds, row);
    group.closed = ++last;
    group.slot = -1;
    group.count = 0;
    if (group.oldest !== 0) return;
    group.oldest = group.closed;
    group.since = clock.monotonic();
  };
  const rounds = createRounds({
    disk,
    folder,
    clock,
    limits,
    plans,
    groups,
    catalog,
    dropped,
    journal,
    gate,
    upkeep,
    breathe,
    closeSlot,
    slotMs: SLOT_MS,
    headBytes: options.headBytes ?? HEAD_BYTES,
    last: () => last,
    lanes: { journal: createSerialQueue(), upkeep: createSerialQueue() },
  });
  await rounds.begin();
  const sumOf = (measure: (group: Group) => number): number => {
    let sum = 0;
    for (const table of groups) for (const group of table.values()) sum += measure(group);
    return sum;
  };
  const planOf = (name: string): FamilyPlan => {
    const plan = byName.get(name);
    if (plan === undefined) throw new RangeError(`family ${name} is not stored here`);
    return plan;
  };
  const take = (plan: FamilyPlan, key: number, slot: number, values: ArrayLike<number>, offset: number): void => {
    const group = groupOf(plan.index, key);
    if (group.slot !== slot || group.count === 0) {
      closeSlot(plan, group);
      openSlot(group, plan.folds.length, slot);
    }
    addSample(group, plan.folds, values, offset);
    if (!group.dirty) journal.touch(group);
  };

  return {
    append: (family, key, at, values, offset = 0) => {
      const plan = planOf(family);
      if (!Number.isInteger(key) || key < 0 || key > LARGEST_KEY) throw new RangeError(`${key} is no key of a group`);
      if (!gate.writing) lost.stopped++;
      else if (!(at >= Math.max(0, clock.now() - limits.rawDays * DAY_MS) && at < LATEST_TIME)) lost.time++;
      else if (!anyFinite(values, offset, plan.folds.length)) lost.notFinite++;
      else take(plan, key, Math.floor(at / SLOT_MS), values, offset);
    },
    query: async (query) => {
      const plan = planOf(query.family);
      if (!(query.step > 0) || query.step % SLOT_MS !== 0) throw new RangeError(`a step must be a multiple of ${SLOT_MS} ms`);
      const columns = query.columns.map(({ column, stat }) => wantColumn(plan, column, stat));
      const group = groups[plan.index]?.get(query.group);
      return reading.answer({ plan, key: query.group, group, columns, from: Math.max(0, query.from), to: query.to, step: query.step });
    },
    latest: async (family, key) => {
      const plan = planOf(family);
      const group = groups[plan.index]?.get(key);
      return group === undefined ? undefined : (newestInMemory(group) ?? newestSealed(plan, key));
    },
    groups: async (family) => [...(groups[planOf(family).index]?.keys() ?? [])],
    has: async (family, key) => groups[planOf(family).index]?.has(key) === true,
    drop: async (family, key) => {
      const plan = planOf(family);
      const group = groups[plan.index]?.get(key);
      if (group === undefined) return;
      clearGroup(group);
      dropped.add(plan.index, key, ++last);
      groups[plan.index]?.delete(key);
    },
    stats: async () => ({
      state: gate.state,
      reason: gate.reason,
      groups: groups.reduce((sum, table) => sum + table.size, 0),
      series: groups.reduce((sum, table, family) => sum + table.size * (plans[family]?.folds.length ?? 0), 0),
      points: rounds.points() + sumOf(({ rows }) => rows.length * (rows.pool.width - 2)),
      openRows: sumOf(({ rows }) => rows.length),
      bytes: rounds.bytes(),
      freeBytes: gate.freeBytes,
      oldest: rounds.oldest(),
      dropped: { ...lost },
      damaged: catalog.damaged + recovered.damaged + reading.damaged,
    }),
    maintain: rounds.maintain,
    flush: rounds.flush,
    close: rounds.close,
  };

  function newestSealed(plan: FamilyPlan, key: number): Latest | undefined {
    const days = new Set([...catalog.rawDays(), ...catalog.chunkDays()]);
    for (const day of [...days].sort((a, b) => b - a)) {
      const rows = reading.sealedDay(plan, key, day)?.rows;
      if (rows === undefined || rows.length === 0) continue;
      const row = rows.length - 1;
      return { at: (rows.slots[row] as number) * SLOT_MS, values: Float64Array.from(rows.columns, (column) => column[row] as number) };
    }
    return undefined;
  }
}

function newestInMemory(group: Group): Latest | undefined {
  const closed = newestRow(group);
  if (group.count > 0 && group.slot >= (closed?.slot ?? 0)) return { at: group.slot * SLOT_MS, values: group.values.slice() };
  return closed === undefined ? undefined : { at: closed.slot * SLOT_MS, values: closed.values };
}

function anyFinite(values: ArrayLike<number>, offset: number, length: number): boolean {
  for (let index = offset; index < offset + length; index++) if (Number.isFinite(values[index])) return true;
  return false;
}
