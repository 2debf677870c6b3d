import type { Period, ServicePeriod } from "@windfire/api";
import type { ChartWindow } from "./chart-data.ts";

export const RANGES = ["live", "1h", "24h", "7d", "30d"] as const;
/** What else can be seen of services. */
export const SERVICE_RANGES = ["1h", "24h", "7d", "30d", "90d", "1y"] as const;
export type Range = (typeof RANGES)[number] | (typeof SERVICE_RANGES)[number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LIVE_MS = 10 * MINUTE;

const SPANS: Readonly<Record<Range, number>> = {
  live: LIVE_MS,
  "1h": HOUR,
  "24h": DAY,
  "7d": 7 * DAY,
  "30d": 30 * DAY,
  "90d": 90 * DAY,
  "1y": 365 * DAY,
};
const STEPS: Readonly<Record<ServicePeriod, number>> = {
  "1d": 30_000,
  "7d": 30 * MINUTE,
  "30d": 2 * HOUR,
  "90d": 6 * HOUR,
  "1y": DAY,
  "10y": 10 * DAY,
};

/** `undefined`: from the live stream alone. */
export function periodOf(range: Range): Period | undefined {
  if (range === "live") return undefined;
  if (range === "1h" || range === "24h") return "1d";
  return range === "7d" ? range : "30d";
}

export function servicePeriodOf(range: Range): ServicePeriod {
  return range === "90d" || range === "1y" ? range : (periodOf(range) ?? "1d");
}

/** Whether guests see no more than a shorter one. */
export const isForMembers = (range: Range): boolean => SPANS[range] > DAY;

/** Usual distance of points in milliseconds. */
export const stepOf = (period: ServicePeriod): number => STEPS[period];

export function windowOf(range: Range, now: number): ChartWindow {
  return { from: now - SPANS[range], to: now };
}

/** What is drawn of a window at least, however new a server is. */
const SHORTEST_FIT_MS = 5 * MINUTE;
/** Part of what is drawn that lies before the first point. */
const LEAD = 0.05;

/** A window from shortly before its first point, where that comes in its later half: the first hour of a server is no sliver at the edge of a day. */
export function fitted({ from, to }: ChartWindow, first: number | undefined): ChartWindow {
  if (first === undefined || first - from < (to - from) / 2) return { from, to };
  return { from: Math.max(from, Math.min(first - (to - first) * LEAD, to - SHORTEST_FIT_MS)), to };
}

/** Time of the earliest of all points. */
export function firstOf(series: readonly (readonly { readonly at: number }[])[]): number | undefined {
  const times = series.flatMap(([point]) => point?.at ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The shortest stored range that holds a window; `undefined` when it is none, or none of those that are open does. */
export function coveringRange(window: ChartWindow, open: readonly Range[], now: number): Range | undefined {
  if (!(window.from < window.to) || window.from >= now) return undefined;
  return open.find((range) => range !== "live" && window.from >= now - SPANS[range]);
}

const ZOOM = /^(\d{10,14})-(\d{10,14})$/;

/** `?zoom=from-to` in milliseconds. */
export function readZoom(text: string | undefined): ChartWindow | undefined {
  const [, from, to] = ZOOM.exec(text ?? "") ?? [];
  if (from === undefined || to === undefined || Number(to) <= Number(from)) return undefined;
  return { from: Number(from), to: Number(to) };
}

export const writeZoom = (window: ChartWindow | undefined): string => (window === undefined ? "" : `${window.from}-${window.to}`);
