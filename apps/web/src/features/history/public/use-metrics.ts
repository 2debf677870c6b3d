import type { MetricStat, Period, ServerMetrics } from "@windfire/api";
import { useEffect, useState } from "react";
import { useApp } from "#shell/app-context.tsx";
import { browserTimers } from "#wire/browser.ts";
import type { Point } from "../shared/grid.ts";
import { readAgain } from "./read-again.ts";

/** Metrics of a server (spec 11 section 5), in the order they are asked for. */
export const METRICS = [
  "cpu",
  "memory",
  "swap",
  "net_in_speed",
  "net_out_speed",
  "load1",
  "load5",
  "load15",
  "disk",
  "tcp_conn",
  "udp_conn",
  "process_count",
  "temperature",
  "gpu",
] as const;
export type Metric = (typeof METRICS)[number];

export interface MetricHistory {
  readonly points: Readonly<Partial<Record<Metric, readonly Point[]>>>;
  /** Of what period the points are; another one is on its way when it differs from the wanted one. */
  readonly period: Period | undefined;
  readonly loading: boolean;
  readonly error: Error | undefined;
}

const REFRESH_MS = 60_000;
const NOTHING: MetricHistory = { points: {}, period: undefined, loading: false, error: undefined };

/** What is asked for: nothing where the dashboard gives it anyway, so that equal questions are equal. */
export const statOf = (stat: MetricStat): MetricStat | undefined => (stat === "max" ? stat : undefined);

/** Stored metrics of a period, read again every minute. The old ones stay until the new ones are there. */
export function useMetrics(id: number, period: Period | undefined, stat: MetricStat): MetricHistory {
  const { api } = useApp();
  const [history, setHistory] = useState<MetricHistory>(NOTHING);
  useEffect(() => {
    if (period === undefined) return;
    return readAgain({
      timers: browserTimers,
      everyMs: REFRESH_MS,
      async read(signal) {
        setHistory((before) => ({ ...before, loading: true }));
        const pointsOf = async (metric: Metric) => {
          const query = { metric, period, stat: statOf(stat) };
          const answer = await api.get<ServerMetrics>(`/server/${id}/metrics`, { query, signal });
          return [metric, (answer.data_points ?? []).map(({ ts, value }) => ({ at: ts, value }))] as const;
        };
        const points = Object.fromEntries(await Promise.all(METRICS.map(pointsOf)));
        setHistory({ points, period, loading: false, error: undefined });
      },
      failed: (error) => setHistory((before) => ({ ...before, loading: false, error })),
    });
  }, [api, id, period, stat]);
  return history;
}
