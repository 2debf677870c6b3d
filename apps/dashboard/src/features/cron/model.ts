import { CRON_TYPE } from "@windfire/api";
import { cronCoverage } from "#access/policy";
import type { Coverage } from "#access/policy";

/** A command that is run on servers: on a schedule, by hand, or when an alert or a service changes (spec 30 section 4.1). */
export interface Cron {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  /** 0 scheduled; others only run when somebody asks. */
  readonly taskType: number;
  readonly scheduler: string;
  readonly command: string;
  /** The list that `cover` speaks of; null when none was ever given. */
  readonly serverIds: readonly number[] | null;
  /** 0 only the list, 1 all but the list, 2 the server that raised the alert. */
  readonly cover: number;
  /** Tell of successes too. */
  readonly pushSuccessful: boolean;
  /** 0: none. */
  readonly notificationGroupId: number;
  /** RFC 3339; the zero time: never. */
  readonly lastExecutedAt: string;
  readonly lastResult: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Options of ours. */
  readonly keepRuns: number;
  /** Bytes. */
  readonly keepOutput: number;
  /** Whether the group is told of runs that were missed while the dashboard was down. */
  readonly tellMissed: boolean;
}

/** Options of ours; other programs do not send them, so those that are left out stay. */
export type CronOptions = Pick<Cron, "keepRuns" | "keepOutput" | "tellMissed">;
export const DEFAULT_OPTIONS: CronOptions = { keepRuns: 100, keepOutput: 16 * 1024, tellMissed: true };

/** What a person writes of a cron. */
export interface CronSettings extends Omit<
  Cron,
  "id" | "ownerId" | "lastExecutedAt" | "lastResult" | "createdAt" | "updatedAt" | keyof CronOptions
> {
  readonly options: { readonly [Name in keyof CronOptions]?: CronOptions[Name] | undefined };
}

export function isScheduled(cron: Pick<Cron, "taskType">): boolean {
  return cron.taskType === CRON_TYPE.scheduled;
}

export function coverageOf(cron: Pick<Cron, "cover" | "serverIds">): Coverage | undefined {
  return cronCoverage(cron.cover, cron.serverIds ?? []);
}

/**
 * Servers a run goes to (spec 30 section 4.3).
 *
 * @param reach servers the cron's owner reaches now; nothing outside is ever addressed (GHSA-99gv-2m7h-3hh9)
 * @param trigger server that raised the alert; without one, crons of cover 2 address nobody
 */
export function targetsOf(cron: Pick<Cron, "cover" | "serverIds">, reach: Iterable<number>, trigger?: number): number[] {
  const coverage = coverageOf(cron);
  if (!coverage) return [];
  const listed = new Set(coverage.mode === "trigger" ? [trigger] : coverage.serverIds);
  return [...reach].filter((id) => listed.has(id) === (coverage.mode !== "except"));
}

/** Longest run that is believed: agents end a command after two hours, a host that slept meanwhile may report later. */
const LONGEST_RUN_SECONDS = 7 * 86_400;

/** When a run began that is reported now; whole seconds, as the reference counts. Milliseconds. */
export function startOfRun(now: number, runSeconds: number): number {
  const believed = Number.isFinite(runSeconds) && runSeconds > 0 ? Math.min(Math.trunc(runSeconds), LONGEST_RUN_SECONDS) : 0;
  return now - believed * 1000;
}

/** Rows that one message speaks of: of one owner, to one group. */
export function byTeller<T>(
  rows: readonly T[],
  cronOf: (row: T) => Pick<Cron, "ownerId" | "notificationGroupId">,
): { readonly ownerId: number; readonly groupId: number; readonly rows: readonly T[] }[] {
  const byOwner = [...Map.groupBy(rows, (row) => cronOf(row).ownerId)];
  return byOwner.flatMap(([ownerId, own]) =>
    [...Map.groupBy(own, (row) => cronOf(row).notificationGroupId)].map(([groupId, told]) => ({ ownerId, groupId, rows: told })),
  );
}
