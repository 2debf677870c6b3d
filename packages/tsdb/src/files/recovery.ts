import type { Catalog } from "./catalog.ts";
import { DAY_MS } from "./segment-kinds.ts";
import { pathIn, type Disk } from "./disk.ts";
import type { Dropped } from "./dropped.ts";
import { parseHeader } from "./file-header.ts";
import { familyIn } from "../query/question.ts";
import type { FamilyPlan } from "../families.ts";
import { pointFamilies } from "../families.ts";
import { scanFrames } from "./frames.ts";
import { addRow, openSlot, resumeSlot, type Group } from "../head.ts";
import type { ClosedLog } from "./row-log.ts";
import { readRecords, type LogRecord } from "./records.ts";
import type { StoredFamily } from "../schema.ts";

/** What the logs of the last run say. */
export interface Recovered {
  /** The highest number of a row anywhere. */
  readonly last: number;
  /** Number for the names of new logs. */
  readonly serial: number;
  readonly closed: readonly ClosedLog[];
  readonly staleOpen: readonly string[];
  /** Damaged stretches in the logs. */
  readonly damaged: number;
}

interface Deps {
  readonly disk: Disk;
  readonly folder: string;
  readonly plans: readonly FamilyPlan[];
  readonly catalog: Catalog;
  readonly dropped: Dropped;
  readonly slotMs: number;
  readonly now: number;
  /** The group of a key, made where missing. */
  readonly group: (family: number, key: number) => Group;
}

const LOG_NAME = /^(rows|open)-(\d+)\.log$/;

/** Brings back what was not sealed when the store was last in use. */
export function recover(deps: Deps): Recovered {
  const { disk, folder, plans, catalog } = deps;
  const names = disk.list(folder);
  for (const name of names) if (name.endsWith(".tmp")) disk.remove(pathIn(folder, name));
  const logs = names.flatMap((name) => {
    const match = LOG_NAME.exec(name);
    return match === null ? [] : [{ path: pathIn(folder, name), kind: match[1], serial: Number(match[2]) }];
  });
  logs.sort((a, b) => a.serial - b.serial);
  let last = Math.max(deps.dropped.highest, takeSealed(deps));
  let damaged = 0;
  const closed: ClosedLog[] = [];
  for (const { path } of logs.filter(({ kind }) => kind === "rows")) {
    let newest = 0;
    const scan = scanLog(disk, path, plans, (record) => {
      newest = Math.max(newest, record.number);
      restoreRow(deps, record);
    });
    damaged += scan.damaged;
    last = Math.max(last, newest);
    closed.push({ path, size: scan.size, last: newest });
  }
  const open = logs.filter(({ kind }) => kind === "open");
  const partial = new Map<Group, LogRecord>();
  for (const { path } of open) {
    damaged += scanLog(disk, path, plans, (record) => {
      partial.set(deps.group(record.family, record.key), { ...record, values: record.values.slice() });
    }).damaged;
  }
  for (const [group, record] of partial) restoreOpen(deps, group, record);
  catalog.found.clear();
  return { last, serial: (logs.at(-1)?.serial ?? 0) + 1, closed, staleOpen: open.map(({ path }) => path), damaged };
}

/**
 * Makes the groups of all sealed files known, unless they were dropped since, forgets chunks that a segment or a roll-up holds already, and
 * returns the highest row number.
 */
function takeSealed({ plans, catalog, dropped, group, disk }: Deps): number {
  let last = 0;
  const take = (plan: FamilyPlan, key: number, number: number): void => {
    last = Math.max(last, number);
    if (number <= dropped.before(plan.index, key)) return;
    const known = group(plan.index, key);
    known.closed = Math.max(known.closed, number);
  };
  for (const segment of catalog.segments()) {
    for (const plan of plans) {
      const family = segment.family(plan.family.name);
      for (const key of segment.keys(family)) take(plan, key, segment.find(family, key)?.number ?? 0);
    }
    catalog.releaseIdle();
  }
  for (const day of catalog.chunkDays()) {
    const log = catalog.chunks(day);
    if (log === undefined) continue;
    let fresh = 0;
    for (const plan of plans) {
      const family = familyIn(log.families, plan);
      for (const [key, number] of catalog.found.get(day)?.[family] ?? []) {
        take(plan, key, number);
        if (number <= inSegments(catalog, plan, key, day)) log.forget(family, key);
        else fresh++;
      }
    }
    if (fresh > 0) continue;
    const path = catalog.detachChunks(day);
    if (path !== undefined) disk.remove(path);
  }
  return last;
}

function scanLog(
  disk: Disk,
  path: string,
  plans: readonly FamilyPlan[],
  visit: (record: LogRecord) => void,
): { damaged: number; size: number } {
  const file = disk.open(path, "read");
  const wanted = pointFamilies(plans);
  let stored: readonly StoredFamily[] | undefined;
  let broken = 0;
  try {
    const scan = scanFrames(file, (payload, offset) => {
      if (offset === 0) stored = parseHeader(payload)?.families;
      else if (stored === undefined) broken = 1;
      else readRecords(payload, stored, wanted, visit);
    });
    return { damaged: scan.damaged + broken, size: scan.end };
  } finally {
    file.close();
  }
}

function restoreRow({ plans, catalog, dropped, slotMs, now, group: find }: Deps, record: LogRecord): void {
  const plan = plans[record.family];
  if (plan === undefined) return;
  const group = find(record.family, record.key);
  group.closed = Math.max(group.closed, record.number);
  if (record.number <= dropped.before(record.family, record.key)) return;
  const day = Math.floor((record.slot * slotMs) / DAY_MS);
  if (record.number <= sealedThrough(catalog, plan, record.key, day)) return;
  addRow(group, plan.folds, record);
  if (group.oldest !== 0) return;
  group.oldest = record.number;
  group.since = now;
}

/** Number of the last row of the group that chunks, the segment or a roll-up of a day hold. */
function sealedThrough(catalog: Catalog, plan: FamilyPlan, key: number, day: number): number {
  const log = catalog.chunks(day);
  const inChunks = log === undefined ? 0 : (catalog.found.get(day)?.[familyIn(log.families, plan)]?.get(key) ?? 0);
  return Math.max(inSegments(catalog, plan, key, day), inChunks);
}

function inSegments(catalog: Catalog, plan: FamilyPlan, key: number, day: number): number {
  const holding = [catalog.raw(day), catalog.rolled("five", day), catalog.rolled("hour", day)];
  return Math.max(...holding.map((segment) => segment?.find(segment.family(plan.family.name), key)?.number ?? 0));
}

/** An open slot counts unless it was closed later, which the numbers tell. */
function restoreOpen({ plans, dropped }: Deps, group: Group, record: LogRecord): void {
  const plan = plans[record.family];
  if (plan === undefined || record.number < group.closed || record.number < dropped.before(record.family, record.key)) return;
  openSlot(group, plan.folds.length, record.slot);
  resumeSlot(group, record.values, record.count);
}
