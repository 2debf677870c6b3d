import type { ServiceHistory } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { useSearchState } from "#shell/navigation.ts";
import { Note } from "#ui/banner.tsx";
import { browserTimers } from "#wire/browser.ts";
import { createResource } from "#wire/resource.ts";
import { toGrid, usualStep } from "../shared/grid.ts";
import { RangeBar, useRange } from "./range-bar.tsx";
import { periodOf, readZoom, stepOf, windowOf, writeZoom } from "./ranges.ts";
import { TimeChart } from "./time-chart.tsx";
import type { ChartWindow } from "./chart-data.ts";

const RANGES = ["1h", "24h", "7d", "30d"] as const;
const COLOURS = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8"] as const;
const REFRESH_MS = 30_000;
const HEIGHT = 260;

/** Latency of a service from each of at most eight servers; more lines would be no more to tell apart. */
export function ServiceLatency({ id }: { readonly id: number }) {
  const { t, number } = useFormats();
  const { api, live } = useApp();
  const range = useRange(RANGES);
  const period = periodOf(range) ?? "1d";
  const [search, change] = useSearchState();
  const resource = useMemo(
    () =>
      createResource({
        load: () => api.get<ServiceHistory>(`/service/${id}/history`, { query: { period } }),
        timers: browserTimers,
        everyMs: REFRESH_MS,
      }),
    [api, id, period],
  );
  const { data, error, loading } = useResource(resource);
  const servers = useMemo(() => (data?.servers ?? []).slice(0, COLOURS.length), [data]);
  const grid = useMemo(() => {
    const series = servers.map(({ stats }) =>
      (stats.data_points ?? []).filter((point) => point.delay > 0).map((point) => ({ at: point.ts, value: point.delay })),
    );
    return toGrid(series, Math.max(stepOf(period), ...series.map((points) => usualStep(points, stepOf(period)))));
  }, [servers, period]);
  const zoom = readZoom(search["zoom"]);
  const window = zoom ?? windowOf(range, live.store.serverNow());
  const onZoom = (next: ChartWindow | undefined) => change({ zoom: writeZoom(next) });
  return (
    <>
      <RangeBar range={range} ranges={RANGES} zoom={zoom} onReset={() => onZoom(undefined)} />
      {error === undefined ? null : (
        <div className="mb-3">
          <Note state="critical" title={t("chart.failed")}>
            {error.message}
          </Note>
        </div>
      )}
      <TimeChart
        title={t("latency.title")}
        grid={grid}
        series={servers.map((server, i) => ({ label: server.server_name ?? `#${server.server_id}`, colour: COLOURS[i] ?? "--c1" }))}
        text={(value, axis) => (axis ? `${number.decimal(value, 1)} ms` : number.milliseconds(value))}
        height={HEIGHT}
        window={window}
        stale={loading && data === undefined}
        onZoom={onZoom}
      />
    </>
  );
}
