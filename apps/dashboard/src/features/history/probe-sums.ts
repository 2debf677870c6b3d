import type { Points } from "@windfire/tsdb";
import type { ServiceServerHistory, ServiceServerSummary } from "./model.ts";

/** Sums over the window (spec 11 section 4.7). A failed probe has no delay, so the mean is that of the others. */
export function statsOf({ starts, columns }: Points): Omit<ServiceServerHistory, "serverId" | "dataPoints"> {
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
