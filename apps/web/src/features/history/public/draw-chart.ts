import uPlot from "uplot";
import type { TimeFormat } from "#lib/time-format.ts";
import { niceTop, quarters, topFor } from "./nice-scale.ts";
import type { TimeChartProps } from "./chart-data.ts";
import "uplot/dist/uPlot.min.css";
import "./chart.css";

/** Charts with the same key share their crosshair. */
const SYNC = "wf";
const MINUTE_S = 60;
const DAY_S = 86_400;
const AXIS_WIDTH = 58;
const MIN_ZOOM_PX = 8;
const KEY_STEP = 1;
const KEY_LEAP = 10;

interface DrawDeps {
  /** The newest properties: data and callbacks change while the drawing stays. */
  readonly props: () => TimeChartProps;
  readonly time: TimeFormat;
  /** Told the index under the crosshair. */
  readonly legend: (index: number | undefined) => void;
}

/** Puts a chart into the element, as wide as it is, and keeps it so. */
export function drawChart(element: HTMLElement, deps: DrawDeps): { readonly plot: uPlot; stop(): void } {
  const { window } = deps.props();
  const colour = (role: string) => getComputedStyle(document.documentElement).getPropertyValue(role).trim();
  const plot = new uPlot(options(element, deps, colour), plotData(deps.props()), element);
  plot.setScale("x", { min: window.from / 1000, max: window.to / 1000 });
  const fit = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: element.clientHeight }));
  fit.observe(element);
  const onKey = (event: KeyboardEvent) => moveCrosshair(event, plot, deps);
  element.addEventListener("keydown", onKey);
  return {
    plot,
    stop() {
      fit.disconnect();
      element.removeEventListener("keydown", onKey);
      plot.destroy();
    },
  };
}

/** Seconds and columns as uPlot wants them; series of the other direction below zero. */
export function plotData({ grid, series }: Pick<TimeChartProps, "grid" | "series">): uPlot.AlignedData {
  const columns = grid.columns.map((values, i) =>
    series[i]?.below === true ? values.map((value) => (typeof value === "number" ? -value : value)) : values,
  );
  return [grid.times.map((at) => at / 1000), ...columns] as uPlot.AlignedData;
}

function options(element: HTMLElement, deps: DrawDeps, colour: (role: string) => string): uPlot.Options {
  const { series, text, top, base = 1000 } = deps.props();
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const axis = { font, stroke: colour("--axis"), ticks: { show: false }, grid: { stroke: colour("--grid"), width: 1 } };
  return {
    // Where ticks stand follows the zone too: midnight is a tick.
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), deps.time.zone),
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [6, 20, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      sync: { key: SYNC },
      points: { size: 7, width: 2, fill: colour("--surface") },
      drag: { x: true, y: false, dist: MIN_ZOOM_PX, setScale: false },
      bind: { dblclick: () => () => (deps.props().onZoom(undefined), null) },
    },
    scales: {
      x: { time: true },
      y: {
        range: (_plot, low, high) => [
          series.some((line) => line.below) ? -niceTop(Math.max(-low, high), base) : 0,
          topFor(top, Math.max(-low, high), base),
        ],
      },
    },
    axes: [
      { ...axis, size: 22, grid: { show: false }, values: (plot, ticks) => timeLabels(plot, ticks, deps.time) },
      {
        ...axis,
        size: AXIS_WIDTH,
        gap: 6,
        splits: (_plot, _axis, low, high) => quarters(low, high),
        values: (_plot, ticks) => ticks.map((tick) => text(Math.abs(tick), true)),
      },
    ],
    series: [
      {},
      ...series.map((line): uPlot.Series => {
        const stroke = colour(line.colour);
        return {
          label: line.label,
          stroke,
          width: 1.5,
          points: { show: false },
          ...(line.dash === true ? { dash: [4, 3] } : {}),
          ...(line.fill === true ? { fill: withAlpha(stroke, 0.12) } : {}),
        };
      }),
    ],
    hooks: {
      setCursor: [(plot) => deps.legend(plot.cursor.idx ?? undefined), (plot) => showMoment(plot, deps.time)],
      setSelect: [(plot) => zoomToSelection(plot, deps)],
      drawClear: [(plot) => shadeBands(plot, deps, colour), (plot) => hatchGaps(plot, deps, colour("--line-2"))],
    },
  };
}

/** The moment under the crosshair, at the foot of the line. */
function showMoment(plot: uPlot, time: TimeFormat): void {
  const index = plot.cursor.idx;
  const at = index === null || index === undefined ? undefined : plot.data[0][index];
  const known = plot.over.querySelector<HTMLElement>(".wf-moment");
  if (at === undefined || (plot.cursor.left ?? -1) < 0) return known?.remove();
  const label = known ?? document.createElement("span");
  label.className = "wf-moment";
  label.textContent = time.dateTime(at * 1000);
  if (known === null) plot.over.append(label);
  const half = label.offsetWidth / 2;
  label.style.left = `${Math.min(plot.over.clientWidth - half, Math.max(half, plot.valToPos(at, "x")))}px`;
}

function zoomToSelection(plot: uPlot, deps: DrawDeps): void {
  const { left, width } = plot.select;
  if (width < MIN_ZOOM_PX) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  deps.props().onZoom({ from: Math.round(plot.posToVal(left, "x") * 1000), to: Math.round(plot.posToVal(left + width, "x") * 1000) });
}

/** Times without reports: a ground of their own, and a bar at the top, so that colour is not alone. */
function shadeBands(plot: uPlot, deps: DrawDeps, colour: (role: string) => string): void {
  const { ctx, bbox } = plot;
  for (const { from, to } of deps.props().bands ?? []) {
    const left = Math.max(bbox.left, plot.valToPos(from / 1000, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to / 1000, "x", true));
    if (right <= left) continue;
    const width = Math.max(right - left, devicePixelRatio);
    ctx.fillStyle = colour("--off-soft");
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.fillStyle = colour("--off");
    ctx.fillRect(left, bbox.top, width, 3 * devicePixelRatio);
  }
}

/** No data is hatched, not a line at zero. */
function hatchGaps(plot: uPlot, deps: DrawDeps, stroke: string): void {
  const { ctx, bbox } = plot;
  for (const [from, to] of deps.props().grid.gaps) {
    const left = Math.max(bbox.left, plot.valToPos(from / 1000, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to / 1000, "x", true));
    if (right - left < 2) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.strokeStyle = stroke;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    for (let x = left - bbox.height; x < right; x += 5 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
}

/** Midnight shows the day, everything else the clock; long ranges show days alone. */
function timeLabels(plot: uPlot, ticks: readonly number[], time: TimeFormat): string[] {
  const { min = 0, max = 0 } = plot.scales["x"] ?? {};
  const span = (max ?? 0) - (min ?? 0);
  const close = ticks.some((tick) => tick % MINUTE_S !== 0);
  return ticks.map((tick) => {
    const at = tick * 1000;
    if (span > 4 * DAY_S) return time.weekday(at);
    if (close) return time.clockSeconds(at);
    return time.clock(at) === "00:00" ? time.weekday(at) : time.clock(at);
  });
}

function withAlpha(colour: string, alpha: number): string {
  return colour.startsWith("hsl(") ? `${colour.slice(0, -1)} / ${alpha})` : colour;
}

/** Arrows move the crosshair, with Shift ten points at once; `0` shows everything. */
function moveCrosshair(event: KeyboardEvent, plot: uPlot, deps: DrawDeps): void {
  if (event.key === "0") return deps.props().onZoom(undefined);
  const direction = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (direction === 0) return;
  event.preventDefault();
  const times = plot.data[0];
  const index = (plot.cursor.idx ?? times.length - 1) + direction * (event.shiftKey ? KEY_LEAP : KEY_STEP);
  const at = times[Math.min(times.length - 1, Math.max(0, index))] ?? 0;
  plot.setCursor({ left: plot.valToPos(at, "x"), top: plot.over.clientHeight / 2 });
}
