import type { PermittedRight } from "@windfire/protocol";
import { fail, succeed } from "../config/model.ts";
import type { Outcome } from "../config/model.ts";

/** What a host can permit its dashboard. */
export const RIGHTS = ["report", "probes", "commands", "terminal", "files", "nat", "config", "update"] as const;
export type Right = (typeof RIGHTS)[number];

/** How far a right goes. */
export interface Permit {
  /** Unix seconds after which it is gone; undefined: none. */
  readonly until?: number;
  /** Folders (`files`) or addresses (`nat`) that it is limited to; undefined: all. */
  readonly only?: readonly string[];
}

/** The rights of a host. Whoever has none of a name has no such right. */
export type Permits = ReadonlyMap<Right, Permit>;

/** What a fresh installation permits. */
export const MONITOR_ONLY: Permits = new Map<Right, Permit>([
  ["report", {}],
  ["probes", {}],
]);
/** What is left when the file cannot be understood. */
export const NOTHING: Permits = new Map<Right, Permit>([["report", {}]]);

const LIMITED: ReadonlySet<Right> = new Set<Right>(["files", "nat"]);
const MAX_LIMITS = 256;
const UNTIL = /^until\s+(\S+)$/i;
const TRUE_WORDS = new Set(["true", "yes", "1", "always"]);
const FALSE_WORDS = new Set(["", "false", "no", "0", "never"]);
const MS_PER_SECOND = 1000;

export function isRight(name: string): name is Right {
  return RIGHTS.some((right) => right === name);
}

/**
 * `permits:` of a configuration file: a list of rights (a text with commas is one), or a map from rights to `true`, `false` or limits. Limits are a text
 * whose parts stand between commas, `until 2026-01-31T12:00:00Z` among them, or a list of such parts. To report is always
 * permitted: an agent that may not is better stopped.
 */
export function parsePermits(raw: unknown): Outcome<Permits> {
  const list = typeof raw === "string" ? raw.split(",") : raw;
  const entries: [string, unknown][] = Array.isArray(list) ? list.map((name) => [String(name), "true"]) : Object.entries(list ?? {});
  const permits = new Map<Right, Permit>(NOTHING);
  for (const [name, value] of entries) {
    const right = name.trim().toLowerCase();
    if (!isRight(right)) return fail(`permits: "${right}" is no right; there are ${RIGHTS.join(", ")}`);
    const permit = parsePermit(right, value);
    if (!permit.ok) return permit;
    if (permit.value === undefined) permits.delete(right);
    else permits.set(right, permit.value);
  }
  permits.set("report", {});
  return succeed(permits);
}

/** Undefined: not permitted. */
function parsePermit(right: Right, value: unknown): Outcome<Permit | undefined> {
  if (value === null || value === undefined) return succeed(undefined);
  const parts = partsOf(value);
  if (parts === undefined) return fail(`permits: ${right} must be true, false or a list of limits`);
  if (parts.length <= 1 && FALSE_WORDS.has(parts[0]?.toLowerCase() ?? "")) return succeed(undefined);
  const times = parts.flatMap((part) => UNTIL.exec(part)?.[1] ?? []);
  const limits = parts.filter((part) => !UNTIL.test(part) && !TRUE_WORDS.has(part.toLowerCase()) && part !== "");
  const [time] = times;
  const until = time === undefined ? undefined : Math.floor(Date.parse(time) / MS_PER_SECOND);
  if (Number.isNaN(until) || times.length > 1)
    return fail(`permits: ${right} ends at "${times.join(", ")}", and not at a time such as 2026-01-31T12:00:00Z`);
  const fault = limits.length === 0 ? undefined : limitsFault(right, limits);
  if (fault !== undefined) return fail(`permits: ${fault}`);
  return succeed({ ...(until === undefined ? {} : { until }), ...(limits.length === 0 ? {} : { only: limits }) });
}

function partsOf(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.every((part) => typeof part === "string") ? value.map((part: string) => part.trim()) : undefined;
  if (typeof value === "object") return undefined;
  return String(value as string | number | boolean)
    .split(",")
    .map((part) => part.trim());
}

/** What is wrong with the limits of a right, or undefined. */
export function limitsFault(right: Right, limits: readonly string[]): string | undefined {
  if (!LIMITED.has(right)) return `${right} takes no limits but a time, and not "${limits[0]}"`;
  if (limits.length > MAX_LIMITS) return `${right} has more than ${MAX_LIMITS} limits`;
  const wrong = limits.find((limit) => !(right === "files" ? isFolder(limit) : isTarget(limit)));
  if (wrong === undefined) return undefined;
  return right === "files"
    ? `files: "${wrong}" is no absolute path without a comma`
    : `nat: "${wrong}" is no host:port, network/bits:port or host:*`;
}

function isFolder(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path) && !/[,\0\r\n]/.test(path);
}

function isTarget(target: string): boolean {
  return /^(?:\[[0-9A-Fa-f:.]+\](?:\/\d{1,3})?|[^\s,[\]:/]+(?:\/\d{1,2})?):(?:\d{1,5}|\*)$/.test(target);
}

/** As they stand in the file. */
export function formatPermits(permits: Permits): Record<string, string | boolean> {
  const values: Record<string, string | boolean> = {};
  for (const right of RIGHTS) {
    const permit = permits.get(right);
    if (permit !== undefined) values[right] = formatPermit(permit) ?? true;
  }
  return values;
}

/** As the dashboard is told of them. */
export function announcedRights(permits: Permits): PermittedRight[] {
  return [...permits].map(([name, { until = 0, only = [] }]) => ({ name, until, only }));
}

/** For people: `report, probes, files (/srv)`. */
export function rightsText(permits: Permits): string {
  return [...permits].map(([right, permit]) => [right, formatPermit(permit)].filter((part) => part !== undefined).join(" ")).join(", ");
}

/** Undefined: without any limit. */
export function formatPermit({ until, only = [] }: Permit): string | undefined {
  const parts = [...only, ...(until === undefined ? [] : [`until ${utcTime(until)}`])];
  return parts.length === 0 ? undefined : parts.join(", ");
}

function utcTime(seconds: number): string {
  return new Date(seconds * MS_PER_SECOND).toISOString().replace(".000Z", "Z");
}
