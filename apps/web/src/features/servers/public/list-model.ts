import type { ServerGroup } from "@windfire/api";
import { compareNames } from "#lib/compare-names.ts";
import type { Filter, FilterFields } from "#lib/filter.ts";
import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf, healthRank, isProblem, usageOf } from "../shared/health.ts";
import type { Health } from "../shared/health.ts";
import { parsePlan } from "../shared/plan.ts";
import { systemName } from "../shared/system-name.ts";

export const SORTS = ["problems", "order", "name", "cpu", "memory", "disk", "receiving", "sending", "uptime", "renewal"] as const;
export type Sort = (typeof SORTS)[number];

export const VIEWS = ["cards", "table", "heat"] as const;
export type View = (typeof VIEWS)[number];

/** Filter value of the group row that shows problems only. */
export const PROBLEMS = "problems";

export interface ListOptions {
  /** Group name, `PROBLEMS`, or "" for all. */
  readonly group: string;
  readonly query: string;
  readonly sort: Sort;
}

/** Names of the groups of each server. */
export type GroupNames = ReadonlyMap<number, readonly string[]>;

export function groupNames(groups: readonly ServerGroup[]): GroupNames {
  const names = new Map<number, string[]>();
  for (const { group, servers } of groups) for (const id of servers ?? []) names.set(id, [...(names.get(id) ?? []), group.name]);
  return names;
}

export function filterFields(groups: GroupNames, countryName: (code: string) => string, now: number): FilterFields<LiveRecord> {
  const groupsOf = (record: LiveRecord) => groups.get(record.id) ?? [];
  return {
    words: (record) =>
      [record.name, record.country, countryName(record.country), systemName(record.host), record.host.arch, ...groupsOf(record)].join(" "),
    texts: {
      group: groupsOf,
      os: (record) => [systemName(record.host)],
      country: (record) => [record.country, countryName(record.country)],
      state: (record) => stateWords(healthOf(record)),
      arch: (record) => [record.host.arch ?? ""],
    },
    numbers: {
      cpu: (record) => usageOf(record).cpu,
      memory: (record) => usageOf(record).memory,
      disk: (record) => usageOf(record).disk,
      load: (record) => (record.online ? (record.state.load_1 ?? 0) : undefined),
      renews: (record) => renewalDays(record, now),
    },
  };
}

function stateWords(health: Health): string[] {
  return [health, ...(isProblem(health) ? ["problem"] : []), ...(health === "offline" ? [] : ["online"])];
}

function renewalDays(record: LiveRecord, now: number): number | undefined {
  const days = parsePlan(record.note, now)?.days;
  return typeof days === "number" ? days : undefined;
}

/** By what a list is filtered and sorted: the query as it was read, the fields it may name, and the groups of each server. */
export interface ListTerms {
  readonly filter: Filter<LiveRecord>;
  readonly fields: FilterFields<LiveRecord>;
  readonly groups: GroupNames;
}

/** Ids to show, in order. Equal ones stay in the dashboard's order. */
export function listServers(
  records: readonly LiveRecord[],
  { group, sort }: Pick<ListOptions, "group" | "sort">,
  { filter, fields, groups }: ListTerms,
): readonly number[] {
  const shown = records.filter((record) => inGroup(record, group, groups) && filter.matches(record));
  return shown.toSorted(comparer(sort, fields)).map((record) => record.id);
}

export function inGroup(record: LiveRecord, group: string, groups: GroupNames): boolean {
  if (group === "") return true;
  if (group === PROBLEMS) return isProblem(healthOf(record));
  return (groups.get(record.id) ?? []).includes(group);
}

function comparer(sort: Sort, fields: FilterFields<LiveRecord>): (a: LiveRecord, b: LiveRecord) => number {
  const most = (value: (record: LiveRecord) => number | undefined) => (a: LiveRecord, b: LiveRecord) => (value(b) ?? -1) - (value(a) ?? -1);
  const rate = (read: (record: LiveRecord) => number | undefined) => most((record) => (record.online ? (read(record) ?? 0) : undefined));
  switch (sort) {
    case "problems":
      return (a, b) => healthRank(healthOf(a)) - healthRank(healthOf(b));
    case "order":
      return () => 0;
    case "name":
      return (a, b) => compareNames(a.name, b.name);
    case "cpu":
    case "memory":
    case "disk":
      return most(fields.numbers[sort] ?? (() => undefined));
    case "receiving":
      return rate((record) => record.state.net_in_speed);
    case "sending":
      return rate((record) => record.state.net_out_speed);
    case "uptime":
      return rate((record) => record.state.uptime);
    case "renewal":
      return (a, b) => (fields.numbers["renews"]?.(a) ?? Infinity) - (fields.numbers["renews"]?.(b) ?? Infinity) || 0;
  }
}

export interface FleetSums {
  readonly total: number;
  readonly byHealth: Readonly<Record<Health, number>>;
  /** Bytes per second over servers that report. */
  readonly receiving: number;
  readonly sending: number;
  /** Bytes in and out together, as the servers' own counters say. */
  readonly transferred: number;
}

export function sumFleet(records: readonly LiveRecord[]): FleetSums {
  const byHealth: Record<Health, number> = { up: 0, warn: 0, critical: 0, offline: 0, waiting: 0 };
  let receiving = 0;
  let sending = 0;
  let transferred = 0;
  for (const record of records) {
    byHealth[healthOf(record)] += 1;
    transferred += (record.state.net_in_transfer ?? 0) + (record.state.net_out_transfer ?? 0);
    if (!record.online) continue;
    receiving += record.state.net_in_speed ?? 0;
    sending += record.state.net_out_speed ?? 0;
  }
  return { total: records.length, byHealth, receiving, sending, transferred };
}

/** What a fleet of this size is best shown as. */
export function defaultView(servers: number): View {
  if (servers <= 24) return "cards";
  return servers <= 200 ? "table" : "heat";
}
