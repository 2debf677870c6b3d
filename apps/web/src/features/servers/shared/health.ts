import type { MeterLevel } from "#ui/meter.tsx";
import type { StateShape } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-record.ts";

/** Percent from which a meter is worth a look, and from which it is critical. */
export const LIMITS = { warn: 85, critical: 95 } as const;
export const LIMIT_VALUES: readonly number[] = [LIMITS.warn, LIMITS.critical];

export type Health = Extract<StateShape, "up" | "warn" | "critical" | "offline" | "waiting">;

/** Worst first: the order of "problems first". */
const RANK: Readonly<Record<Health, number>> = { offline: 0, critical: 1, warn: 2, waiting: 3, up: 4 };

export const healthRank = (health: Health): number => RANK[health];
export const isProblem = (health: Health): boolean => RANK[health] <= RANK.warn;

/** Those with a problem, worst first and otherwise in the order given. */
export function worstFirst(records: readonly LiveRecord[]): LiveRecord[] {
  const rank = (record: LiveRecord) => healthRank(healthOf(record));
  return records.filter((record) => isProblem(healthOf(record))).toSorted((a, b) => rank(a) - rank(b));
}

export function levelOf(percent: number | undefined): MeterLevel {
  if (percent === undefined || percent < LIMITS.warn) return "normal";
  return percent < LIMITS.critical ? "warn" : "critical";
}

/** Percent in use; `undefined` while the total is not known. */
export function share(used: number | undefined, total: number | undefined): number | undefined {
  return total === undefined || total === 0 ? undefined : ((used ?? 0) / total) * 100;
}

export interface Usage {
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly disk: number | undefined;
  readonly swap: number | undefined;
}

/** Percents of a server that reports; all unknown for one that does not. */
export function usageOf({ online, host, state }: LiveRecord): Usage {
  if (!online) return { cpu: undefined, memory: undefined, disk: undefined, swap: undefined };
  return {
    cpu: state.cpu ?? 0,
    memory: share(state.mem_used, host.mem_total),
    disk: share(state.disk_used, host.disk_total),
    swap: share(state.swap_used, host.swap_total),
  };
}

/**
 * The dashboard's verdict, which counts half a minute and gives back slowly. From one that gives none: the worst state wins, and the
 * processor counts by its half-minute mean, so that a short peak is no alarm.
 */
export function healthOf(record: LiveRecord): Health {
  if (record.condition !== undefined) return record.condition;
  if (!record.online) return record.lastSeen === undefined && Object.keys(record.host).length === 0 ? "waiting" : "offline";
  const { memory, disk } = usageOf(record);
  const levels = new Set([record.cpuMean, memory, disk].map(levelOf));
  if (levels.has("critical")) return "critical";
  return levels.has("warn") ? "warn" : "up";
}

export interface Trouble {
  readonly figure: "cpu" | "memory" | "disk";
  readonly level: MeterLevel;
  /** Percent now. */
  readonly value: number | undefined;
}

/** Figures over a limit, the worst first: by the dashboard's verdict where there is one, so that text and state agree. */
export function troublesOf(record: LiveRecord): Trouble[] {
  const { memory, disk } = usageOf(record);
  const { over } = record;
  const judged = record.condition !== undefined;
  const all: Trouble[] = [
    { figure: "cpu", value: record.cpuMean, level: judged ? (over.cpu ?? "normal") : levelOf(record.cpuMean) },
    { figure: "memory", value: memory, level: judged ? (over.mem ?? "normal") : levelOf(memory) },
    { figure: "disk", value: disk, level: judged ? (over.disk ?? "normal") : levelOf(disk) },
  ];
  const found = all.filter(({ level }) => level !== "normal");
  return found.toSorted((a, b) => Number(b.level === "critical") - Number(a.level === "critical") || (b.value ?? 0) - (a.value ?? 0));
}
