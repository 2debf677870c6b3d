import type { CRON_RESULT_STATES, CRON_RUN_STATES } from "@windfire/api";

export type RunCause = "schedule" | "manual" | "trigger" | "missed";
export type ResultState = (typeof CRON_RESULT_STATES)[number];
export type RunState = (typeof CRON_RUN_STATES)[number];

/** On how many servers a run is in which state. */
export type ResultCounts = Readonly<Record<ResultState, number>>;

/** Runs that did not take place because the dashboard was down. Times in Unix milliseconds. */
export interface MissedRuns {
  readonly count: number;
  /** There were more than are counted. */
  readonly more: boolean;
  readonly first: number;
  readonly last: number;
}

/** One run of a cron on all its servers. Times in Unix milliseconds. */
export interface RunRecord {
  readonly id: number;
  readonly cronId: number;
  readonly cronName: string;
  readonly cause: RunCause;
  /** Who ran it by hand. */
  readonly by: string;
  /** 0: none. */
  readonly triggerServerId: number;
  readonly startedAt: number;
  /** 0: it goes on. */
  readonly endedAt: number;
  readonly state: RunState;
  readonly counts: ResultCounts;
  readonly missed: MissedRuns | undefined;
}

/** What became of a run on one server. */
export interface ResultRecord {
  readonly runId: number;
  readonly serverId: number;
  readonly cronId: number;
  readonly serverName: string;
  readonly state: ResultState;
  readonly sentAt: number;
  /** 0: not yet. */
  readonly endedAt: number;
  /** How long the command ran; below 0: not reported. */
  readonly seconds: number;
  /** Bytes as they were reported. */
  readonly outputBytes: number;
}

export const NO_COUNTS: ResultCounts = { running: 0, succeeded: 0, failed: 0, offline: 0, busy: 0, cancelled: 0, unknown: 0 };

export function totalOf(counts: ResultCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** What a run is like as a whole. */
export function runStateOf(counts: ResultCounts): RunState {
  const total = totalOf(counts);
  if (total === 0) return "empty";
  if (counts.running > 0) return "running";
  if (counts.succeeded === total) return "succeeded";
  return counts.cancelled > 0 && counts.cancelled + counts.succeeded === total ? "cancelled" : "failed";
}

/** Runs that are counted for one cron. */
const MOST_MISSED = 100;

/** Runs of a schedule after `from` and up to `to`; undefined when there were none. */
export function missedRuns(next: (after: number) => number | undefined, from: number, to: number): MissedRuns | undefined {
  let missed: MissedRuns | undefined;
  for (let at = next(from); at !== undefined && at <= to; at = next(at)) {
    if (missed !== undefined && missed.count >= MOST_MISSED) return { ...missed, more: true };
    missed = { count: (missed?.count ?? 0) + 1, more: false, first: missed?.first ?? at, last: at };
  }
  return missed;
}

/** Both together; `later` follows `earlier`. */
export function joinMissed(earlier: MissedRuns | undefined, later: MissedRuns): MissedRuns {
  if (earlier === undefined) return later;
  const count = earlier.count + later.count;
  return {
    count: Math.min(count, MOST_MISSED),
    more: earlier.more || later.more || count > MOST_MISSED,
    first: earlier.first,
    last: later.last,
  };
}
