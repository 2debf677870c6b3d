import type { CronRun, FleetTraffic, ServiceHours } from "@windfire/api";
import { parseTime } from "#lib/time-format.ts";

const HOUR = 3_600_000;
const HOURS = 24;

/** A figure of the last day: how it went hour by hour, NaN where nothing is known, and what it comes to; NaN likewise. */
export interface DayFigure {
  readonly hours: readonly number[];
  readonly total: number;
}

/** When the last 24 hours begin: full ones, the one that is under way as the last. Unix milliseconds. */
export const dayBegin = (now: number): number => (Math.floor(now / HOUR) - (HOURS - 1)) * HOUR;

/** Things by the hour in which they were; those outside the day are left out. `undefined`: nobody has said yet. */
export function perHour(times: readonly (string | undefined)[] | undefined, from: number): DayFigure {
  const hours = Array.from({ length: HOURS }, () => (times === undefined ? Number.NaN : 0));
  for (const time of times ?? []) {
    const at = Math.floor(((parseTime(time) ?? Number.NaN) - from) / HOUR);
    if (hours[at] !== undefined) hours[at] += 1;
  }
  return { hours, total: sum(hours) };
}

/** Bytes in both directions, from the first hour that is recorded. */
export function trafficFigure(traffic: FleetTraffic | undefined): DayFigure {
  const since = parseTime(traffic?.since ?? undefined) ?? Number.POSITIVE_INFINITY;
  const hours = (traffic?.bars ?? []).map(({ from, in: received, out }) => ((parseTime(from) ?? 0) < since ? Number.NaN : received + out));
  return { hours, total: sum(hours.filter((value) => !Number.isNaN(value))) };
}

/** Results of probes; hours without any are gaps. */
export function probeFigure(bars: ServiceHours | undefined): DayFigure & { readonly failed: number } {
  const hours = (bars ?? []).map(({ up, down }) => (up + down === 0 ? Number.NaN : up + down));
  return { hours, total: sum(hours.filter((value) => !Number.isNaN(value))), failed: sum((bars ?? []).map(({ down }) => down)) };
}

/** How many runs of tasks did not do what they should. */
export const failedRuns = (runs: readonly Pick<CronRun, "state">[]): number =>
  runs.filter(({ state }) => state === "failed" || state === "missed" || state === "empty").length;

/** NaN where there is nothing to add. */
function sum(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((total, value) => total + value, 0);
}
