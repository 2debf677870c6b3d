import type { MetricStat } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useRing, useServers } from "#shell/live-hooks.ts";
import { useSearchState } from "#shell/navigation.ts";
import { Skeleton } from "#ui/skeleton.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { chartPlan, comparedChart, liveGrid, saysSomething, storedGrid } from "./chart-plan.ts";
import type { OtherServer, PlannedChart } from "./chart-plan.ts";
import { ComparePicker } from "./compare-picker.tsx";
import { HistoryFailure } from "./history-failure.tsx";
import { RangeLane } from "./range-lane.tsx";
import { RangeBar, useRange } from "./range-bar.tsx";
import { firstOf, fitted, periodOf, readZoom, windowOf, writeZoom } from "./ranges.ts";
import { StatChoice, useStat } from "./stat-choice.tsx";
import { TimeChart } from "./time-chart.tsx";
import type { ChartSeries, ChartWindow } from "./chart-data.ts";
import { daysOf, offlineBands, useAvailability } from "./use-availability.ts";
import { readCompared, useCompared } from "./use-compared.ts";
import { useMetrics } from "./use-metrics.ts";

const SMALL = 128;
/** A page just opened has few points: they get room anyway. */
const SHORTEST_LIVE_MS = 60_000;

/** The charts of a server, live or stored, with one window for all of them. */
export function MetricsTab({ record }: { readonly record: LiveRecord }) {
  const formats = useFormats();
  const range = useRange();
  const [search, change] = useSearchState();
  const period = periodOf(range);
  const stat = useStat(range);
  const history = useMetrics(record.id, period, stat);
  const zoom = period === undefined ? undefined : readZoom(search["zoom"]);
  const charts = useMemo(() => chartPlan(formats, record.host), [formats, record.host]);
  const onZoom = (window: ChartWindow | undefined) => change({ zoom: writeZoom(window) });
  const { store } = useApp().live;
  const availability = useAvailability(record.id, daysOf(range));
  const bands = useMemo(() => offlineBands(availability, store.serverNow()), [availability, store]);
  const others = useOthers(record.id, charts, period, stat);
  const first = period !== undefined && history.period === undefined;
  const whole = fitted(windowOf(range, store.serverNow()), firstOf(Object.values(history.points)));
  return (
    <>
      <RangeBar range={range} zoom={zoom} shown={zoom ?? whole} onReset={() => onZoom(undefined)}>
        {period === undefined ? null : (
          <>
            <StatChoice range={range} />
            <ComparePicker own={record.id} />
          </>
        )}
      </RangeBar>
      {period === undefined ? null : <HistoryFailure error={history.error} />}
      {period === undefined || first ? null : <Overview charts={charts} history={history} whole={whole} zoom={zoom} onZoom={onZoom} />}
      {first ? (
        history.error === undefined ? (
          <ChartSkeletons />
        ) : null
      ) : (
        <div className="server-charts grid grid-cols-6 gap-3 max-lg:grid-cols-1">
          {period === undefined ? (
            <LiveCharts id={record.id} charts={charts} bands={bands} />
          ) : (
            <StoredCharts
              charts={charts}
              history={history}
              others={others}
              bands={bands}
              whole={whole}
              zoom={zoom}
              stale={history.period !== period}
              onZoom={onZoom}
            />
          )}
        </div>
      )}
    </>
  );
}

/** The first chart over the whole range, for choosing a window. */
function Overview({ charts, history, whole, zoom, onZoom }: Omit<StoredProps, "stale" | "others" | "bands">) {
  const [chart] = charts;
  const grid = useMemo(() => (chart === undefined ? undefined : storedGrid(chart, history)), [chart, history]);
  if (grid === undefined || grid.times.length < 2) return null;
  return <RangeLane lane={{ ...whole, grid }} window={zoom ?? whole} onZoom={onZoom} />;
}

const spanOf = (chart: PlannedChart) => (chart.small === true ? "col-span-2 max-lg:col-span-1" : "col-span-3 max-lg:col-span-1");

function LiveCharts({ id, charts, bands }: { readonly id: number; readonly charts: readonly PlannedChart[]; readonly bands: Bands }) {
  const { ring } = useRing(id);
  const { store } = useApp().live;
  const now = store.serverNow();
  const window = { from: Math.max(windowOf("live", now).from, Math.min(ring?.times()[0] ?? now, now - SHORTEST_LIVE_MS)), to: now };
  return charts.map((chart) => (
    <DrawnChart key={chart.key} chart={chart} grid={liveGrid(chart, ring)} bands={bands} window={window} onZoom={ignore} />
  ));
}

const ignore = () => {};

type Bands = readonly ChartWindow[];

/** The servers that the address puts beside this one, with what is known of them. */
function useOthers(
  own: number,
  charts: readonly PlannedChart[],
  period: ReturnType<typeof periodOf>,
  stat: MetricStat,
): readonly OtherServer[] {
  const [search] = useSearchState();
  const servers = useServers();
  const chosen = readCompared(search["with"], own);
  const metrics = useMemo(() => charts.flatMap(({ lines }) => lines[0]?.metric ?? []), [charts]);
  const points = useCompared(chosen, period, metrics, stat);
  const names = JSON.stringify(chosen.map((id) => [id, servers.find((server) => server.id === id)?.name ?? `#${id}`]));
  return useMemo(() => {
    const known = new Map(JSON.parse(names) as [number, string][]);
    return [...points].map(([id, found]) => ({ name: known.get(id) ?? `#${id}`, points: found }));
  }, [points, names]);
}

interface StoredProps {
  readonly charts: readonly PlannedChart[];
  readonly history: ReturnType<typeof useMetrics>;
  readonly others: readonly OtherServer[];
  readonly bands: Bands;
  /** Without a zoom. */
  readonly whole: ChartWindow;
  readonly zoom: ChartWindow | undefined;
  readonly stale: boolean;
  readonly onZoom: (window: ChartWindow | undefined) => void;
}

function StoredCharts({ charts, history, others, bands, whole, zoom, stale, onZoom }: StoredProps) {
  const drawn = useMemo(
    () => new Map(charts.map((chart) => [chart.key, comparedChart(chart, history, others)])),
    [charts, history, others],
  );
  const window = zoom ?? whole;
  return charts.map((chart) => {
    const known = drawn.get(chart.key);
    return known === undefined ? null : (
      <DrawnChart key={chart.key} chart={chart} {...known} bands={bands} window={window} stale={stale} onZoom={onZoom} />
    );
  });
}

function DrawnChart(props: {
  readonly chart: PlannedChart;
  readonly grid: ReturnType<typeof liveGrid>;
  /** Lines in place of the chart's own. */
  readonly series?: readonly ChartSeries[];
  readonly bands: Bands;
  readonly window: ChartWindow;
  readonly stale?: boolean;
  readonly onZoom: (window: ChartWindow | undefined) => void;
}) {
  const { chart, grid, bands, window, stale = false, onZoom } = props;
  if (chart.optional === true && !saysSomething(grid)) return null;
  return (
    <TimeChart
      title={chart.title}
      grid={grid}
      series={props.series ?? chart.lines}
      bands={bands}
      text={chart.text}
      top={chart.top}
      base={chart.base ?? 1000}
      window={window}
      stale={stale}
      onZoom={onZoom}
      className={spanOf(chart)}
      {...(chart.small === true ? { height: SMALL } : {})}
    />
  );
}

function ChartSkeletons() {
  const { t } = useFormats();
  return (
    <div role="status" aria-label={t("chart.loading")} className="grid grid-cols-2 gap-3 max-lg:grid-cols-1">
      {Array.from({ length: 4 }, (_, i) => (
        <Skeleton key={i} className="h-56 rounded-card!" />
      ))}
    </div>
  );
}
