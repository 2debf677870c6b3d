import type { SparklineMetric, Sparklines } from "@windfire/api";
import type { ApiClient } from "./api-client.ts";
import type { Timers } from "./live-socket.ts";
import { createResource } from "./resource.ts";
import type { Resource } from "./resource.ts";
import type { Ring } from "./ring.ts";

/** Rings hold ten minutes: what they lose meanwhile comes with the next answer. */
export const TRENDS_MS = 5 * 60_000;
const STEP_MS = 2 * 60_000;
const POINTS = 30;

/** The last hour of the network of all servers, asked for when the browser has nothing else to do. */
export function createTrends(api: ApiClient, timers: Timers, idle: () => Promise<void>): Resource<Sparklines> {
  const load = () => idle().then(() => api.get<Sparklines>("/server/sparklines", { query: { metric: "network" } }));
  return createResource({ load, timers, everyMs: TRENDS_MS });
}

/**
 * The last hour in points of two minutes, oldest first; NaN where nothing was reported. What is live goes on from what is stored. While
 * less than three points are known, what is live as it came in.
 */
export function lastHour(metric: SparklineMetric, stored: Sparklines | undefined, ring: Ring | undefined, id: number, now: number) {
  const values = liveValues(metric, ring);
  const begin = Math.floor(now / STEP_MS) - POINTS + 1;
  const sums = new Array<number>(POINTS).fill(0);
  const counts = new Array<number>(POINTS).fill(0);
  for (const [i, time] of (ring?.times() ?? []).entries()) {
    const slot = Math.floor(time / STEP_MS) - begin;
    if (slot < 0 || slot >= POINTS) continue;
    sums[slot] = (sums[slot] ?? 0) + (values[i] ?? 0);
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  const line = sums.map((sum, slot) => sum / (counts[slot] ?? 0));
  const points = stored?.servers[id] ?? [];
  const first = (stored?.from ?? 0) / STEP_MS - begin;
  for (const [i, point] of points.entries()) {
    const slot = first + i;
    // The newest one was not over yet.
    const isWhole = i < points.length - 1;
    if (point !== null && slot >= 0 && slot < POINTS && (isWhole || Number.isNaN(line[slot]))) line[slot] = point;
  }
  return line.filter((value) => !Number.isNaN(value)).length < 3 ? values : line;
}

function liveValues(metric: SparklineMetric, ring: Ring | undefined): readonly number[] {
  if (ring === undefined) return [];
  if (metric !== "network") return ring.values(metric);
  const up = ring.values("netOut");
  return ring.values("netIn").map((value, i) => value + (up[i] ?? 0));
}
