import { createBuckets, SLOT_MS, wantColumns, type FamilyPlan, type Points, type Query, type WantedColumn } from "@windfire/tsdb";
import type { VictoriaClient } from "./client.ts";
import type { HeldRows } from "./held-rows.ts";
import type { HeldGroup } from "./row-model.ts";
import { groupOf, type Names } from "./names.ts";
import { partsOf, rangeOf, rolledRowsOf } from "./rolled-rows.ts";
import type { RolledQuestion } from "./rolled-rows.ts";
import { rowsOf, seriesOf } from "./stored-rows.ts";
import type { NewerRow, StoredRows } from "./stored-rows.ts";

/** What is asked of several groups at once. */
export type GroupsQuery = Omit<Query, "group">;

/** Answers from what is stored there and held here. */
export interface Reading {
  /** Points of each group; those without any are there, empty. */
  points(query: GroupsQuery, groups: readonly number[]): Promise<Map<number, Points>>;
  /** So many groups fit well into one question. */
  atOnce(query: GroupsQuery): number;
}

/** Buckets from here on are put together where the points are; shorter ones are few points each. */
const ROLLED_FROM_MS = 30 * 60_000;
/** Longer windows count every point instead of every half minute. */
const EXACT_MS = 32 * 86_400_000;
export const RANGE_PATH = "/api/v1/query_range";
export const QUERY_MS = 25_000;
/** An answer is read whole. */
export const ANSWER_BYTES = 64 * 2 ** 20;
/** Text that one question is to bring, and what a point takes of it. */
const WANTED_BYTES = 4 * 2 ** 20;
const POINT_BYTES = 25;
const MOST_GROUPS = 100;

interface ReadingDeps {
  readonly client: VictoriaClient;
  readonly names: Names;
  readonly held: HeldRows;
  readonly planOf: (family: string) => FamilyPlan;
}

export function createReading(deps: ReadingDeps): Reading {
  const { held, planOf } = deps;

  const answer = async (asked: Asked, groups: readonly number[], rawFrom: number): Promise<Map<number, Points>> => {
    const { plan, columns, from, to, step } = asked;
    const first = Math.floor(from / step);
    const last = rawFrom / step - 1;
    const isExact = to - from <= EXACT_MS;
    const isRolled = step >= ROLLED_FROM_MS && last >= first;
    const rolled = isRolled ? await rolledRows(deps, { plan, columns, groups, step, first, last, isExact }) : [];
    const raw = await rawRows(deps, asked, groups, isRolled ? rawFrom : Math.floor(from / SLOT_MS) * SLOT_MS, to);
    return new Map(
      groups.map((group) => {
        const buckets = createBuckets({ from, to, step }, columns);
        const fold = (rows: StoredRows | undefined, slotMs: number): void => {
          if (rows === undefined || rows.length === 0) return;
          for (const [index, values] of rows.columns.entries()) buckets.fold(index, rows, values, { slotMs, samples: slotMs === SLOT_MS });
        };
        for (const part of rolled) fold(part.get(group), step);
        fold(raw.get(group), SLOT_MS);
        return [group, buckets.points()];
      }),
    );
  };
  return {
    points: async (query, groups) => {
      const plan = planOf(query.family);
      const asked = { ...query, plan, columns: wantColumns(plan, query.columns), from: Math.max(0, query.from) };
      const running = Math.floor(asked.to / asked.step) * asked.step;
      const oldest = (group: number): number => oldestHeld(held.group(plan, group), asked.from);
      const isLate = (group: number): boolean => asked.step >= ROLLED_FROM_MS && oldest(group) < running;
      // What is held here of earlier buckets is put together here, point by point.
      const late = groups.filter(isLate);
      const usual = groups.filter((group) => !isLate(group));
      const found = usual.length === 0 ? new Map<number, Points>() : await answer(asked, usual, running);
      for (const group of late) {
        const from = Math.floor(oldest(group) / asked.step) * asked.step;
        for (const [key, points] of await answer(asked, [group], from)) found.set(key, points);
      }
      return found;
    },
    atOnce: ({ columns, from, to, step }) => {
      const points = ((to - from) / (step >= ROLLED_FROM_MS ? step : SLOT_MS)) * columns.length;
      return Math.min(MOST_GROUPS, Math.max(1, Math.floor(WANTED_BYTES / POINT_BYTES / Math.max(1, points))));
    },
  };
}

/** Half minutes as they are stored and held. */
async function rawRows(
  { client, names, held }: ReadingDeps,
  { plan, columns }: Asked,
  groups: readonly number[],
  from: number,
  to: number,
): Promise<Map<number, StoredRows>> {
  const family = plan.family.name;
  const named = columns.map(({ index }) => plan.family.columns[index]?.name ?? "");
  const params = {
    "match[]": names.selector(family, [...new Set(named)], groups),
    start: `${from / 1_000}`,
    // A point lies somewhere in its half minute.
    end: `${((Math.floor(to / SLOT_MS) + 1) * SLOT_MS - 1) / 1_000}`,
  };
  const bytes = await client.call({ path: "/api/v1/export", params, deadlineMs: QUERY_MS, mostBytes: ANSWER_BYTES });
  const series = Map.groupBy(seriesOf(bytes), ({ metric }) => `${groupOf(family, metric)}/${metric["__name__"]}`);
  const positions = columns.map(({ index }) => index);
  const rowsOfGroup = (group: number): StoredRows =>
    rowsOf(
      named.map((name) => series.get(`${group}/${names.metric(family, name)}`) ?? []),
      newerRows(held.group(plan, group), from, to),
      positions,
    );
  return new Map(groups.map((group) => [group, rowsOfGroup(group)]));
}

/** Buckets that are put together where the points are, in several parts. */
async function rolledRows({ client, names }: ReadingDeps, question: RolledQuestion): Promise<Map<number, StoredRows>[]> {
  const found: Map<number, StoredRows>[] = [];
  for (const part of partsOf(question)) {
    const params = rangeOf(names, part);
    const bytes = await client.call({ path: RANGE_PATH, params, deadlineMs: QUERY_MS, mostBytes: ANSWER_BYTES });
    found.push(rolledRowsOf(bytes, part));
  }
  return found;
}

interface Asked {
  readonly plan: FamilyPlan;
  readonly columns: readonly WantedColumn[];
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Start of the oldest half minute of a group that is held and asked for, Unix milliseconds. */
function oldestHeld(group: HeldGroup | undefined, from: number): number {
  let oldest = group?.open === undefined ? Number.POSITIVE_INFINITY : group.open.slot;
  for (const { slot } of group?.rows ?? []) if (slot < oldest && (slot + 1) * SLOT_MS > from) oldest = slot;
  return Math.max(oldest * SLOT_MS, from);
}

function newerRows(group: HeldGroup | undefined, from: number, to: number): NewerRow[] {
  if (group === undefined) return [];
  const rows: NewerRow[] = group.open === undefined ? [...group.rows] : [...group.rows, group.open];
  return rows.filter(({ slot }) => slot * SLOT_MS >= Math.floor(from / SLOT_MS) * SLOT_MS && slot * SLOT_MS <= to);
}
