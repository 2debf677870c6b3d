import type { Host } from "@windfire/api";
import type { Formats } from "#lib/formats.ts";
import type { Ring, RingField } from "#wire/ring.ts";
import { toGrid } from "../shared/grid.ts";
import type { Grid, Point } from "../shared/grid.ts";
import { stepOf } from "./ranges.ts";
import type { ChartSeries, TimeChartProps } from "./chart-data.ts";
import type { Metric, MetricHistory } from "./use-metrics.ts";

interface Line extends ChartSeries {
  readonly metric: Metric;
  readonly field: RingField;
}

/** One chart of a server: what it draws, from stored metrics or from the live ring. */
export interface PlannedChart {
  readonly key: string;
  readonly title: string;
  readonly lines: readonly Line[];
  readonly text: TimeChartProps["text"];
  readonly top?: number | undefined;
  readonly base?: 1000 | 1024;
  /** Left out when nothing but zero was ever measured: no sensor, no such part. */
  readonly optional?: boolean;
  readonly small?: boolean;
}

/** All charts of a server, the large ones first. */
export function chartPlan(formats: Formats, host: Host): readonly PlannedChart[] {
  return [...largeCharts(formats, host), ...smallCharts(formats, host)];
}

type ValueText = PlannedChart["text"];

const percentText =
  ({ number }: Formats): ValueText =>
  (value, axis) =>
    axis ? `${Math.round(value)}%` : `${number.significant(value)}%`;

const bytesText =
  ({ number }: Formats): ValueText =>
  (value, axis) =>
    axis ? number.bytesShort(value) : number.bytes(value);

function largeCharts(formats: Formats, host: Host): readonly PlannedChart[] {
  const { t, number } = formats;
  const swap: Line = { metric: "swap", field: "swap", label: t("chart.swap"), colour: "--c2" };
  return [
    {
      key: "cpu",
      title: t("metric.cpu"),
      top: 100,
      text: percentText(formats),
      lines: [{ metric: "cpu", field: "cpu", label: t("chart.used"), colour: "--c1", fill: true }],
    },
    {
      key: "memory",
      title: t("metric.memory"),
      top: host.mem_total,
      base: number.byteStep,
      text: bytesText(formats),
      lines: [
        { metric: "memory", field: "memory", label: t("chart.used"), colour: "--c1", fill: true },
        ...((host.swap_total ?? 0) > 0 ? [swap] : []),
      ],
    },
    {
      key: "network",
      title: t("metric.network"),
      base: number.byteStep,
      text: (value, axis) => (axis ? number.bytesShort(value) : number.rate(value)),
      lines: [
        { metric: "net_out_speed", field: "netOut", label: t("figure.sending"), colour: "--c3", fill: true },
        { metric: "net_in_speed", field: "netIn", label: t("figure.receiving"), colour: "--c4", fill: true, below: true },
      ],
    },
    {
      key: "load",
      title: t("metric.load"),
      text: (value, axis) => (axis || Number.isInteger(value) ? number.decimal(value, 2) : number.significant(value)),
      lines: [
        { metric: "load1", field: "load1", label: t("chart.minutes", { value: 1 }), colour: "--c1" },
        { metric: "load5", field: "load5", label: t("chart.minutes", { value: 5 }), colour: "--c3", dash: true },
        { metric: "load15", field: "load15", label: t("chart.minutes", { value: 15 }), colour: "--c2" },
      ],
    },
  ];
}

function smallCharts(formats: Formats, host: Host): readonly PlannedChart[] {
  const { t, number } = formats;
  const count = (value: number) => number.count(value);
  const degrees: ValueText = (value, axis) => (axis ? number.degrees(value) : number.temperature(value));
  const small = true;
  return [
    {
      key: "disk",
      title: t("metric.disk"),
      top: host.disk_total,
      base: number.byteStep,
      text: bytesText(formats),
      small,
      lines: [{ metric: "disk", field: "disk", label: t("chart.used"), colour: "--c1", fill: true }],
    },
    {
      key: "connections",
      title: t("metric.connections"),
      text: count,
      small,
      lines: [
        { metric: "tcp_conn", field: "tcp", label: "TCP", colour: "--c1" },
        { metric: "udp_conn", field: "udp", label: "UDP", colour: "--c2" },
      ],
    },
    {
      key: "processes",
      title: t("metric.processes"),
      text: count,
      small,
      lines: [{ metric: "process_count", field: "processes", label: t("chart.running"), colour: "--c1" }],
    },
    {
      key: "temperature",
      title: t("metric.temperature"),
      text: degrees,
      optional: true,
      small,
      lines: [{ metric: "temperature", field: "temperature", label: t("chart.hottest"), colour: "--c2" }],
    },
    {
      key: "gpu",
      title: t("metric.gpu"),
      top: 100,
      text: percentText(formats),
      optional: true,
      small,
      lines: [{ metric: "gpu", field: "gpu", label: t("chart.busiest"), colour: "--c1", fill: true }],
    },
  ];
}

const LIVE_STEP_MS = 2000;

export function liveGrid(chart: PlannedChart, ring: Ring | undefined): Grid {
  const times = ring?.times() ?? [];
  const series = chart.lines.map(({ field }) => {
    const values = ring?.values(field) ?? [];
    return times.map((at, i): Point => ({ at, value: values[i] ?? 0 }));
  });
  return toGrid(series, LIVE_STEP_MS);
}

export function storedGrid(chart: PlannedChart, history: MetricHistory): Grid {
  return toGrid(
    chart.lines.map(({ metric }) => history.points[metric] ?? []),
    stepOf(history.period ?? "1d"),
  );
}

const COMPARED_COLOURS = ["--c5", "--c6", "--c7"] as const;

export interface OtherServer {
  readonly name: string;
  readonly points: Readonly<Partial<Record<Metric, readonly Point[]>>>;
}

/** A chart with the first line of other servers beside its own, dashed. */
export function comparedChart(
  chart: PlannedChart,
  history: MetricHistory,
  others: readonly OtherServer[],
): { readonly grid: Grid; readonly series: readonly ChartSeries[] } {
  const [first] = chart.lines;
  // What another server has no sensor for was stored as zeros: that is not a line.
  const says = (points: readonly Point[]) => chart.optional !== true || points.some(({ value }) => value > 0);
  const shown = first === undefined ? [] : others.filter(({ points }) => says(points[first.metric] ?? []));
  const beside = first === undefined ? [] : shown.map(({ points }) => points[first.metric] ?? []);
  const own = chart.lines.map(({ metric }) => history.points[metric] ?? []);
  return {
    grid: toGrid([...own, ...beside], stepOf(history.period ?? "1d")),
    series: [
      ...chart.lines,
      ...beside.map((_, i) => ({
        label: shown[i]?.name ?? "",
        colour: COMPARED_COLOURS[i] ?? "--c5",
        dash: true,
        ...(first?.below === true ? { below: true } : {}),
      })),
    ],
  };
}

/** Whether an optional chart has anything to say. */
export function saysSomething(grid: Grid): boolean {
  return grid.columns.some((column) => column.some((value) => typeof value === "number" && value > 0));
}
