import type { Points } from "@windfire/tsdb";
import type { DelaySpread, ServiceServerHistory, ServiceServerSummary } from "./probe-model.ts";

/** Sums over the window (spec 11 section 4.7). A failed probe has no delay, so the mean is that of the others. */
export function statsOf({ starts, columns }: Points): Omit<ServiceServerHistory, "serverId" | "dataPoints" | "spread"> {
  const [delays, ups, downs] = columns as readonly [Float64Array, Float64Array, Float64Array];
  let totalUp = 0;
  let totalDown = 0;
  let avgDelay = 0;
  for (let index = 0; index < starts.length; index++) {
    const up = countOf(ups[index]);
    totalUp += up;
    totalDown += countOf(downs[index]);
    if (up > 0) avgDelay += ((delayOf(delays[index] as number) - avgDelay) * up) / totalUp;
  }
  const total = totalUp + totalDown;
  return { avgDelay, totalUp, totalDown, upPercent: total === 0 ? 0 : Math.fround((totalUp / total) * 100) };
}

/** The newest of the points. */
export function lastOf({ starts, columns }: Points): ServiceServerSummary["last"] {
  const [delays, ups, downs] = columns as readonly [Float64Array, Float64Array, Float64Array];
  const index = starts.length - 1;
  const up = countOf(ups[index]);
  return {
    at: starts[index] as number,
    delay: up > 0 ? delayOf(delays[index] as number) : undefined,
    up: isUp(up, countOf(downs[index])),
  };
}

/** Whether most of the probes of a bucket succeeded (spec 11 section 4.7). */
export function isUp(up: number, down: number): boolean {
  return up > Math.floor((up + down) / 2);
}

export function countOf(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}

/** A bucket without any delay has 0. */
export function delayOf(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** Share of the results that failed: as it was kept, or (of points older than that) as many as the counts say. */
export function lossOf(kept: number | undefined, up: number, down: number): number {
  if (kept !== undefined && !Number.isNaN(kept)) return kept;
  return up + down === 0 ? 0 : down / (up + down);
}

/** A share in percent, to two decimals. */
export function percentOf(share: number): number {
  return Math.round(share * 10_000) / 100;
}

/** Loss, jitter and percentiles of a stretch; columns as {@link statsOf} has them, then loss and jitter. `delays`: those of finer points. */
export function spreadOf(
  { starts, columns }: { readonly starts: { readonly length: number }; readonly columns: Points["columns"] },
  delays: Float64Array = columns[0] as Float64Array,
): DelaySpread {
  const [, ups, downs, losses, jitters] = columns;
  let points = 0;
  let lost = 0;
  let weight = 0;
  let jitter = 0;
  for (let index = 0; index < starts.length; index++) {
    const [up, down] = [countOf(ups?.[index]), countOf(downs?.[index])];
    points += up + down;
    lost += lossOf(losses?.[index], up, down) * (up + down);
    const distance = jitters?.[index] ?? Number.NaN;
    if (Number.isNaN(distance)) continue;
    weight += up;
    jitter += distance * up;
  }
  const known = delays.filter((delay) => !Number.isNaN(delay)).toSorted();
  return {
    loss: points === 0 ? 0 : lost / points,
    jitter: weight === 0 ? undefined : jitter / weight,
    p50: percentile(known, 0.5),
    p95: percentile(known, 0.95),
  };
}

/**
 * The same over years, of which no single delays are kept: percentiles are the mean of those of the points, by successful results. Columns
 * as {@link spreadOf} has them, then p95 and p50.
 */
export function longSpreadOf(points: Points): DelaySpread {
  const [, ups, , , , p95s, p50s] = points.columns;
  const mean = (values: Float64Array | undefined): number | undefined => {
    let [weight, sum] = [0, 0];
    for (const [index, value] of (values ?? []).entries()) {
      if (Number.isNaN(value)) continue;
      const up = countOf(ups?.[index]);
      weight += up;
      sum += value * up;
    }
    return weight === 0 ? undefined : sum / weight;
  };
  return { ...spreadOf(points), p50: mean(p50s), p95: mean(p95s) };
}

/** The smallest value that so many of the others do not exceed. */
function percentile(sorted: Float64Array, share: number): number | undefined {
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)];
}
