import { useFormats } from "#lib/formats.ts";
import type { Grid } from "../shared/grid.ts";
import type { ChartSeries, ChartWindow, TimeChartProps } from "./chart-data.ts";

const MOST_ROWS = 200;

interface TableProps {
  readonly grid: Grid;
  readonly series: readonly ChartSeries[];
  readonly text: TimeChartProps["text"];
  readonly window: ChartWindow;
  readonly height: number;
}

/** The numbers of a chart, newest first; thinned when there are very many. */
export function ChartTable({ grid, series, text, window, height }: TableProps) {
  const { t, time } = useFormats();
  const inside = grid.times.map((at, index) => ({ at, index })).filter(({ at }) => at >= window.from && at <= window.to);
  const every = Math.max(1, Math.ceil(inside.length / MOST_ROWS));
  const rows = inside.filter((_, i) => i % every === 0).toReversed();
  return (
    <div className="overflow-auto" style={{ height }} role="region" aria-label={t("chart.asTable")} tabIndex={0}>
      <table className="wf-table">
        <thead>
          <tr>
            <th scope="col">{t("chart.time")}</th>
            {series.map((line) => (
              <th key={line.label} scope="col" className="end">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, index }) => (
            <tr key={at}>
              <td className="h-8!">{time.dateTime(at)}</td>
              {series.map((line, i) => {
                const value = grid.columns[i]?.[index];
                return (
                  <td key={line.label} className="end h-8!">
                    {typeof value === "number" ? text(value, false) : "–"}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
