import { foldValue, SLOT_MS, type FamilyPlan } from "@windfire/tsdb";
import type { HeldGroup, HeldRow, KeptRow, OpenRow } from "./row-model.ts";
import { slotOf } from "./stamp.ts";
import { createWaitingRows, type WaitingRows } from "./waiting-rows.ts";

/** Points that are not there yet, or may not be shown yet. */
export interface HeldRows extends Omit<WaitingRows, "push" | "discard"> {
  /** Takes a sample that has a value. */
  add(plan: FamilyPlan, key: number, at: number, values: ArrayLike<number>, offset: number): void;
  /** Goes on with a half minute that is running still. */
  resume(row: KeptRow): void;
  /** Takes a whole one, to be sent. */
  restore(row: KeptRow): void;
  /** Ends the half minutes that are over, Unix milliseconds. */
  closeUntil(now: number): void;
  group(plan: FamilyPlan, key: number): HeldGroup | undefined;
  openGroups(): Iterable<HeldGroup>;
  forget(isGone: (plan: FamilyPlan, key: number) => boolean): void;
}

/** After its end a half minute is left open so long for samples on their way. */
const GRACE_MS = 2_000;

export function createHeldRows(deps: {
  readonly limitBytes: number;
  /** A row waits from now on. */
  readonly closed: (row: HeldRow) => void;
  /** A row waits no longer. */
  readonly over: (row: HeldRow) => void;
}): HeldRows {
  const groups = createGroups();
  const queue = createWaitingRows({
    ...deps,
    left: (row) => {
      removeFrom(row.group.rows, row);
      groups.tidy(row.group);
    },
  });
  const enqueue = (group: HeldGroup, { slot, count, values }: Pick<KeptRow, "slot" | "count" | "values">): void => {
    const row: HeldRow = { group, slot, count, values: Array.from(values), state: "waiting", sentAt: 0, file: 0 };
    group.rows.push(row);
    queue.push(row);
  };
  const close = (group: HeldGroup): void => {
    const { open } = group;
    group.open = undefined;
    if (open !== undefined) enqueue(group, open);
  };
  /** A half minute that was closed already goes on where it was. */
  const openAt = (group: HeldGroup, slot: number): OpenRow => {
    const before = group.rows.findLast((row) => row.slot === slot);
    const open = openRow(slot, Float64Array.from(before?.values ?? group.plan.folds.map(() => Number.NaN)), before?.count ?? 0);
    group.open = open;
    if (before !== undefined) queue.discard(before);
    return open;
  };
  return {
    waiting: queue.waiting,
    sent: queue.sent,
    refuse: queue.refuse,
    sendAgain: queue.sendAgain,
    sentSince: queue.sentSince,
    prune: queue.prune,
    size: queue.size,
    add: (plan, key, at, values, offset) => {
      const group = groups.of(plan, key);
      const slot = slotOf(at);
      if (group.open !== undefined && group.open.slot !== slot) close(group);
      addSample(plan, group.open ?? openAt(group, slot), values, offset);
    },
    resume: ({ plan, key, slot, count, values }) => {
      groups.of(plan, key).open = openRow(slot, Float64Array.from(values), count);
    },
    restore: (row) => enqueue(groups.of(row.plan, row.key), row),
    closeUntil: (now) => {
      for (const group of groups.all()) {
        if (group.open !== undefined && (group.open.slot + 1) * SLOT_MS + GRACE_MS <= now) close(group);
      }
    },
    group: groups.find,
    openGroups: function* () {
      for (const group of groups.all()) if (group.open !== undefined) yield group;
    },
    forget: (isGone) => {
      for (const group of groups.all()) {
        if (!isGone(group.plan, group.key)) continue;
        group.open = undefined;
        for (const row of group.rows.slice()) queue.discard(row);
        groups.tidy(group);
      }
    },
  };
}

function createGroups() {
  const families: Map<number, HeldGroup>[] = [];
  return {
    of: (plan: FamilyPlan, key: number): HeldGroup => {
      const table = (families[plan.index] ??= new Map<number, HeldGroup>());
      const known = table.get(key);
      if (known !== undefined) return known;
      const made: HeldGroup = { plan, key, open: undefined, rows: [] };
      table.set(key, made);
      return made;
    },
    find: (plan: FamilyPlan, key: number): HeldGroup | undefined => families[plan.index]?.get(key),
    /** Forgets a group that holds nothing. */
    tidy: ({ plan, key, open, rows }: HeldGroup): void => {
      if (open === undefined && rows.length === 0) families[plan.index]?.delete(key);
    },
    all: function* (): Generator<HeldGroup> {
      for (const table of families) if (table !== undefined) yield* table.values();
    },
  };
}

/** Of what was counted before, how many samples had a value is not known any more. */
function openRow(slot: number, values: Float64Array, count: number): OpenRow {
  const held = Uint32Array.from(values, (value) => (Number.isNaN(value) ? 0 : count));
  return { slot, count, values, held, dirty: true };
}

function addSample({ folds }: FamilyPlan, open: OpenRow, values: ArrayLike<number>, offset: number): void {
  open.count++;
  open.dirty = true;
  for (const [column, fold] of folds.entries()) {
    const value = values[offset + column] as number;
    if (!Number.isFinite(value)) continue;
    const held = open.held[column] as number;
    open.held[column] = held + 1;
    open.values[column] = held === 0 ? value : foldValue(fold, open.values[column] as number, held, value, 1);
  }
}

/** Mostly the oldest goes. */
function removeFrom(rows: HeldRow[], row: HeldRow): void {
  if (rows[0] === row) {
    rows.shift();
    return;
  }
  const at = rows.indexOf(row);
  if (at >= 0) rows.splice(at, 1);
}
