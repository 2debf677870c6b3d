import { Table2 } from "lucide-react";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import type uPlot from "uplot";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { IconButton } from "#ui/button.tsx";
import { summarise } from "../shared/grid.ts";
import type { ChartWindow, TimeChartProps } from "./chart-data.ts";
import { ChartMenu } from "./chart-menu.tsx";
import { ChartTable } from "./chart-table.tsx";
import { drawChart, plotData } from "./draw-chart.ts";

const HEIGHT = 168;
/** Lines whose names fit beside the title. */
const LEGEND_BESIDE = 3;
const NO_BANDS: readonly ChartWindow[] = [];

/** Lines over time with a crosshair shared by all charts of the page; drag to zoom, double click to see all. */
export function TimeChart(props: TimeChartProps) {
  const { title, grid, series, text, className = "", stale = false } = props;
  const { t } = useFormats();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const legend = useRef<(HTMLElement | null)[]>([]);
  const [tabular, setTabular] = useState(false);
  const empty = grid.times.length < 2;
  const many = series.length > LEGEND_BESIDE;
  const plot = usePlot(box, legend, props, empty || tabular);
  const sentence = useSentence(props);
  return (
    <section aria-labelledby={id} className={`wf-card min-w-0 px-3 pt-3 pb-2 ${className}`}>
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-1 pb-1.5">
        <h2 id={id} className="text-md">
          {title}
        </h2>
        <ul
          className={`flex flex-wrap items-center gap-x-3 text-xs text-ink-2 ${many ? "order-last w-full" : "ms-auto max-sm:order-last max-sm:ms-0 max-sm:w-full"}`}
        >
          {series.map((line, i) => (
            <li key={line.label} className="inline-flex max-w-full items-center gap-1.5 whitespace-nowrap">
              <svg width="14" height="4" aria-hidden="true" className="flex-none">
                <path
                  d="M0 2H14"
                  stroke={`var(${line.colour})`}
                  strokeWidth="2"
                  {...(line.dash === true ? { strokeDasharray: "4 3" } : {})}
                />
              </svg>
              <span className="min-w-0 truncate">{line.label}</span>
              <b ref={(element) => void (legend.current[i] = element)} className="min-w-10 text-end text-ink tabular-nums">
                {lastText(grid.columns[i] ?? [], text)}
              </b>
            </li>
          ))}
        </ul>
        <span className={`-my-1.5 flex self-center ${many ? "ms-auto" : "max-sm:ms-auto"}`}>
          <IconButton label={tabular ? t("chart.asChart") : t("chart.asTable")} aria-pressed={tabular} onClick={() => setTabular(!tabular)}>
            <Table2 className="size-3.5" aria-hidden="true" />
          </IconButton>
          {empty ? null : <ChartMenu chart={props} canvas={() => plot.current?.ctx.canvas} />}
        </span>
      </div>
      {empty ? (
        <p className="grid place-items-center text-sm text-ink-3" style={{ height: props.height ?? HEIGHT }}>
          {grid.times.length === 0 ? t("chart.noData") : t("chart.tooShort")}
        </p>
      ) : tabular ? (
        <ChartTable grid={grid} series={series} text={text} window={props.window} height={props.height ?? HEIGHT} />
      ) : (
        <div
          ref={box}
          role="img"
          tabIndex={0}
          aria-label={sentence}
          className={`touch-pan-y transition-opacity duration-(--slow) ${stale ? "opacity-50" : ""}`}
          style={{ height: props.height ?? HEIGHT }}
        />
      )}
    </section>
  );
}

function lastText(values: readonly (number | null | undefined)[], text: TimeChartProps["text"]): string {
  const last = values.findLast((value) => typeof value === "number");
  return typeof last === "number" ? text(last, false) : "–";
}

/** Draws, redraws when data or theme change, and lets go of everything at the end. */
function usePlot(
  box: React.RefObject<HTMLDivElement | null>,
  legend: React.RefObject<(HTMLElement | null)[]>,
  props: TimeChartProps,
  off: boolean,
): React.RefObject<uPlot | undefined> {
  const { theme } = useApp();
  const { time } = useFormats();
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [themed, setThemed] = useState(0);
  useEffect(() => theme.subscribe(() => setThemed((count) => count + 1)), [theme]);
  const shape = props.series.map((line) => line.label + line.colour).join();
  useEffect(() => {
    const element = box.current;
    if (off || element === null) return;
    const chart = drawChart(element, {
      props: () => latest.current,
      time,
      legend: (index) => {
        latest.current.series.forEach((_, i) => {
          const cell = legend.current[i];
          const value = index === undefined ? undefined : latest.current.grid.columns[i]?.[index];
          if (cell !== null && cell !== undefined) {
            cell.textContent =
              typeof value === "number"
                ? latest.current.text(value, false)
                : index === undefined
                  ? lastText(latest.current.grid.columns[i] ?? [], latest.current.text)
                  : "–";
          }
        });
      },
    });
    plot.current = chart.plot;
    return () => {
      plot.current = undefined;
      chart.stop();
    };
  }, [box, legend, off, shape, themed, time]);
  const { grid, window, bands } = props;
  useEffect(() => {
    plot.current?.setData(plotData(latest.current), false);
    plot.current?.setScale("x", { min: window.from / 1000, max: window.to / 1000 });
  }, [grid, bands, window.from, window.to]);
  return plot;
}

/** What the drawing says, for those who do not see it. */
function useSentence({ title, grid, series, text, bands = NO_BANDS }: TimeChartProps): string {
  const { t, time } = useFormats();
  return useMemo(() => {
    const [from, to] = [grid.times[0], grid.times.at(-1)];
    if (from === undefined || to === undefined) return title;
    const lines = series.flatMap((line, i) => {
      const found = summarise((grid.columns[i] ?? []).filter((value) => typeof value === "number"));
      return found === undefined
        ? []
        : [t("chart.line", { label: line.label, mean: text(found.mean, false), most: text(found.most, false) })];
    });
    const range = t("chart.range", { title, from: time.dateTime(from), to: time.dateTime(to) });
    const gaps = grid.gaps.length === 0 ? "" : t("chart.gaps", { count: grid.gaps.length });
    const inside = bands.filter((band) => band.to > from && band.from < to);
    const away = inside.length === 0 ? "" : t("chart.bands", { count: inside.length });
    return [range, ...lines, gaps, away].join(" ").trim();
  }, [title, grid, series, text, bands, t, time]);
}
