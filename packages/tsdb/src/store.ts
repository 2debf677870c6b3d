import { createSerialQueue, type Clock } from "@windfire/kit";
import { createBlockEncoder } from "./codec/block.ts";
import { planFamilies, pointFamilies, type FamilyPlan } from "./families.ts";
import { openCatalog } from "./files/catalog.ts";
import type { Disk } from "./files/disk.ts";
import { openDropped } from "./files/dropped.ts";
import { createJournal } from "./files/journal.ts";
import { recover } from "./files/recovery.ts";
import { DAY_MS } from "./files/segment-kinds.ts";
import { createGate } from "./gate.ts";
import { createGroupTables } from "./group-tables.ts";
import { clearGroup } from "./head.ts";
import { newestInMemory, newestSealed, type Latest } from "./latest.ts";
import type { Points } from "./query/buckets.ts";
import { wantColumns } from "./query/question.ts";
import { createReading } from "./query/reading.ts";
import type { Family, Stat } from "./schema.ts";
import { createSlots, type RowCount } from "./slots.ts";
import type { StoreStats } from "./stats.ts";
import { bytesHeld, oldestHeld, pointsHeld, rolledUpTo } from "./upkeep/holdings.ts";
import { createRounds } from "./upkeep/rounds.ts";
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

/**
 * Samples of many sources. Samples of 30 seconds become one point; points are kept for `rawDays`, then as 5-minute and 1-hour roll-ups.
 * After a crash at most what came in since the last beat (3 seconds) is missing.
 */
export interface Store {
  /**
   * Takes one sample of all series of a group: `values[offset ..]` in the order of the family's columns. Values that are not finite are
   * left out. `at` is Unix milliseconds. False: it was not taken, because nothing is written now, because it lies before what is kept as
   * points, or because it holds no figure. Throws RangeError for a family that is not stored here.
   */
  append(family: string, group: number, at: number, values: ArrayLike<number>, offset?: number): boolean;
  query(query: Query): Promise<Points>;
  /** The newest values of a group; undefined when nothing is stored. */
  latest(family: string, group: number): Promise<Latest | undefined>;
  /** From when on 30-second points are held, Unix milliseconds; what is older is known by its roll-ups, whose points stand for more. */
  pointsFrom(): number;
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
  /** Memory for what sealed files answered, bytes; 0: all is read again each time. */
  readonly keptBytes?: number;
  /** Lets other work run; called between pieces of long work. */
  readonly breathe?: () => Promise<void>;
}

const LATEST_TIME = 2 ** 31 * SLOT_MS;
const LARGEST_KEY = Number.MAX_SAFE_INTEGER;
const HEAD_BYTES = 12 * 2 ** 20;
const KEPT_BYTES = 12 * 2 ** 20;

/** Opens the store in a folder, which is created where missing. Only one store may use a folder at a time. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { clock, limits } = options;
  const parts = openParts(options);
  const { plans, groups, slots, gate, reading, rounds, lost } = parts;
  await rounds.begin();
  const byName = new Map(plans.map((plan) => [plan.family.name, plan]));
  const planOf = (name: string): FamilyPlan => {
    const plan = byName.get(name);
    if (plan === undefined) throw new RangeError(`family ${name} is not stored here`);
    return plan;
  };

  return {
    append: (family, key, at, values, offset = 0) => {
      const plan = planOf(family);
      if (!Number.isInteger(key) || key < 0 || key > LARGEST_KEY) throw new RangeError(`${key} is no key of a group`);
      if (!gate.writing) lost.stopped++;
      else if (!(at >= Math.max(0, clock.now() - limits.rawDays * DAY_MS) && at < LATEST_TIME)) lost.time++;
      else if (!anyFinite(values, offset, plan.folds.length)) lost.notFinite++;
      else {
        slots.take(plan, key, Math.floor(at / SLOT_MS), values, offset);
        return true;
      }
      return false;
    },
    query: async (query) => {
      const plan = planOf(query.family);
      if (!(query.step > 0) || query.step % SLOT_MS !== 0) throw new RangeError(`a step must be a multiple of ${SLOT_MS} ms`);
      const columns = wantColumns(plan, query.columns);
      const group = groups.get(plan.index, query.group);
      return reading.answer({ plan, key: query.group, group, columns, from: Math.max(0, query.from), to: query.to, step: query.step });
    },
    latest: async (family, key) => {
      const plan = planOf(family);
      const group = groups.get(plan.index, key);
      return group && (newestInMemory(group, SLOT_MS) ?? newestSealed({ ...parts, slotMs: SLOT_MS }, plan, key));
    },
    pointsFrom: () => rolledUpTo(parts.catalog),
    groups: async (family) => groups.keys(planOf(family).index),
    has: async (family, key) => groups.get(planOf(family).index, key) !== undefined,
    drop: async (family, key) => {
      const plan = planOf(family);
      const group = groups.get(plan.index, key);
      if (group === undefined) return;
      clearGroup(group);
      parts.dropped.add(plan.index, key, ++parts.rows.last);
      groups.remove(plan.index, key);
    },
    stats: async () => statsOf(parts),
    maintain: rounds.maintain,
    flush: rounds.flush,
    close: rounds.close,
  };
}

/** Everything the store is made of, with what was not sealed when it was last in use. */
function openParts({
  disk,
  folder,
  families,
  clock,
  limits,
  headBytes = HEAD_BYTES,
  keptBytes = KEPT_BYTES,
  breathe = othersTurn,
}: StoreOptions) {
  disk.ensureFolder(folder);
  const plans = planFamilies(families);
  const encoder = createBlockEncoder();
  const rows: RowCount = { last: 0 };
  const last = (): number => rows.last;
  const catalog = openCatalog({ disk, folder, families: pointFamilies(plans), encoder });
  const dropped = openDropped(disk, folder, pointFamilies(plans));
  const gate = createGate({ disk, folder, minFreeBytes: limits.minFreeBytes, now: () => clock.now() });
  const groups = createGroupTables(plans, dropped);
  const shared = { disk, folder, plans, catalog, dropped, breathe, slotMs: SLOT_MS };
  const reading = createReading({ ...shared, keptBytes });
  const upkeep = createUpkeep({ ...shared, reading, encoder, last });
  const recovered = recover({ ...shared, now: clock.monotonic(), group: groups.of });
  rows.last = recovered.last;
  const journal = createJournal({ disk, folder, families: pointFamilies(plans), ...recovered, onFailure: gate.fail });
  const slots = createSlots({ groups, journal, rows, clock });
  const lanes = { journal: createSerialQueue(), upkeep: createSerialQueue() };
  const closeSlot = slots.close;
  const rounds = createRounds({
    ...shared,
    clock,
    limits,
    groups: groups.tables,
    journal,
    gate,
    upkeep,
    closeSlot,
    headBytes,
    last,
    lanes,
  });
  const lost = { stopped: 0, time: 0, notFinite: 0 };
  return { plans, rows, catalog, dropped, gate, journal, groups, reading, recovered, slots, rounds, lost };
}

function statsOf({ plans, groups, gate, journal, lost, catalog, recovered, reading }: ReturnType<typeof openParts>): StoreStats {
  return {
    state: gate.state,
    reason: gate.reason,
    pausedAt: gate.pausedAt,
    groups: groups.sum(() => 1),
    series: groups.sum(({ family }) => plans[family]?.folds.length ?? 0),
    points: pointsHeld(catalog) + groups.sum(({ rows }) => rows.length * (rows.pool.width - 2)),
    openRows: groups.sum(({ rows }) => rows.length),
    bytes: bytesHeld(catalog, journal),
    freeBytes: gate.freeBytes,
    oldest: oldestHeld(catalog),
    dropped: { ...lost },
    damaged: catalog.damaged + recovered.damaged + reading.damaged,
  };
}

function othersTurn(): Promise<void> {
  return new Promise<void>((resolve) => void setImmediate(resolve));
}

function anyFinite(values: ArrayLike<number>, offset: number, length: number): boolean {
  for (let index = offset; index < offset + length; index++) if (Number.isFinite(values[index])) return true;
  return false;
}
