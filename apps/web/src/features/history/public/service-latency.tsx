import type { ServiceHistory } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { useSearchState } from "#shell/navigation.ts";
import { browserTimers } from "#wire/browser.ts";
import { createResource } from "#wire/resource.ts";
import { toGrid, usualStep } from "../shared/grid.ts";
import type { Point } from "../shared/grid.ts";
import { HistoryFailure } from "./history-failure.tsx";
import { RangeBar, useRange } from "./range-bar.tsx";
import { firstOf, fitted, readZoom, SERVICE_RANGES, servicePeriodOf, stepOf, windowOf, writeZoom } from "./ranges.ts";
import { TimeChart } from "./time-chart.tsx";
import type { ChartWindow } from "./chart-data.ts";

const COLOURS = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8"] as const;
const REFRESH_MS = 30_000;
const HEIGHT = 260;
const LOSS_HEIGHT = 120;

type Stats = ServiceHistory["servers"][number]["stats"];

/** Delays of what succeeded: a failure has none. */
function delaysOf({ points, data_points }: Stats): Point[] {
  const all = points?.map(({ ts, delay = 0 }) => ({ ts, delay })) ?? data_points ?? [];
  return all.filter(({ delay }) => delay > 0).map(({ ts, delay }) => ({ at: ts, value: delay }));
}

/** Percent that was lost; nothing where the dashboard does not tell. */
function lossOf({ points }: Stats): Point[] {
  return (points ?? []).map(({ ts, loss }) => ({ at: ts, value: loss }));
}

/** Latency of a service from each of at most eight servers; more lines would be no more to tell apart. */
export function ServiceLatency({ id }: { readonly id: number }) {
  const { t, number } = useFormats();
  const { api, live } = useApp();
  const range = useRange(SERVICE_RANGES);
  const period = servicePeriodOf(range);
  const [search, change] = useSearchState();
  const resource = useMemo(
    () =>
      createResource({
        load: () => api.get<ServiceHistory>(`/service/${id}/history`, { query: { period, detail: "true" } }),
        timers: browserTimers,
        everyMs: REFRESH_MS,
      }),
    [api, id, period],
  );
  const { data, error, loading } = useResource(resource);
  // An empty chart would say that there is nothing.
  const isUnknown = error !== undefined && data === undefined;
  const servers = useMemo(() => (data?.servers ?? []).slice(0, COLOURS.length), [data]);
  const grid = useMemo(() => {
    const step = stepOf(period);
    const gridOf = (series: readonly (readonly Point[])[]) =>
      toGrid(series, Math.max(step, ...series.map((points) => usualStep(points, step))));
    return { delay: gridOf(servers.map(({ stats }) => delaysOf(stats))), loss: gridOf(servers.map(({ stats }) => lossOf(stats))) };
  }, [servers, period]);
  const series = servers.map((server, i) => ({ label: server.server_name ?? `#${server.server_id}`, colour: COLOURS[i] ?? "--c1" }));
  const zoom = readZoom(search["zoom"]);
  const first = firstOf(servers.map(({ stats }) => lossOf(stats)));
  const window = zoom ?? fitted(windowOf(range, live.store.serverNow()), first ?? firstOf(servers.map(({ stats }) => delaysOf(stats))));
  const onZoom = (next: ChartWindow | undefined) => change({ zoom: writeZoom(next) });
  return (
    <>
      <RangeBar range={range} ranges={SERVICE_RANGES} zoom={zoom} shown={window} onReset={() => onZoom(undefined)} />
      <HistoryFailure error={error} />
      {isUnknown ? null : (
        <TimeChart
          title={t("latency.title")}
          grid={grid.delay}
          series={series}
          text={(value, axis) => (axis ? `${number.decimal(value, 1)} ms` : number.milliseconds(value))}
          height={HEIGHT}
          window={window}
          stale={loading && data === undefined}
          onZoom={onZoom}
        />
      )}
      {grid.loss.times.length === 0 ? null : (
        <TimeChart
          title={t("services.loss")}
          grid={grid.loss}
          series={series}
          top={100}
          text={(value, axis) => (axis ? `${Math.round(value)}%` : number.percent(value))}
          height={LOSS_HEIGHT}
          window={window}
          stale={loading && data === undefined}
          onZoom={onZoom}
          className="mt-3"
        />
      )}
    </>
  );
}
