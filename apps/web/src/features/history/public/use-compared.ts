import type { MetricStat, Period, ServerMetrics } from "@windfire/api";
import { useEffect, useState } from "react";
import { useApp } from "#shell/app-context.tsx";
import type { Point } from "../shared/grid.ts";
import { statOf } from "./use-metrics.ts";
import type { Metric } from "./use-metrics.ts";

/** Points of other servers, by server and metric. */
export type Compared = ReadonlyMap<number, Readonly<Partial<Record<Metric, readonly Point[]>>>>;

const NOBODY: Compared = new Map();
/** More lines would be no more to tell apart. */
export const MOST_COMPARED = 3;

/** `?with=2,3`: the servers that are drawn beside this one. */
export function readCompared(text: string | undefined, own: number): readonly number[] {
  const ids = (text ?? "")
    .split(",")
    .filter((part) => /^[1-9]\d{0,15}$/.test(part))
    .map(Number);
  return [...new Set(ids)].filter((id) => id !== own).slice(0, MOST_COMPARED);
}

/** Reads some metrics of other servers; one that may not be seen has none. */
export function useCompared(ids: readonly number[], period: Period | undefined, metrics: readonly Metric[], stat: MetricStat): Compared {
  const { api } = useApp();
  const [found, setFound] = useState<Compared>(NOBODY);
  const key = ids.join();
  const wanted = metrics.join();
  useEffect(() => {
    if (period === undefined || key === "") return setFound(NOBODY);
    const abort = new AbortController();
    const read = async (id: number, metric: string) => {
      try {
        const answer = await api.get<ServerMetrics>(`/server/${id}/metrics`, {
          query: { metric, period, stat: statOf(stat) },
          signal: abort.signal,
        });
        return [metric, (answer.data_points ?? []).map(({ ts, value }) => ({ at: ts, value }))] as const;
      } catch {
        return [metric, []] as const;
      }
    };
    const load = async (id: number) =>
      [id, Object.fromEntries(await Promise.all(wanted.split(",").map((metric) => read(id, metric))))] as const;
    void Promise.all(key.split(",").map(Number).map(load)).then((all) => {
      if (!abort.signal.aborted) setFound(new Map(all));
    });
    return () => abort.abort();
  }, [api, key, wanted, period, stat]);
  return found;
}
