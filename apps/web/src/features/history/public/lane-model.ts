import type { Grid } from "../shared/grid.ts";
import type { ChartWindow } from "./chart-data.ts";

/** A whole range with one series over it. */
export interface Lane extends ChartWindow {
  readonly grid: Grid;
}

export type Edge = keyof ChartWindow;

/** The window never gets narrower than this share of the range. */
const NARROWEST = 0.02;
const MOST_POINTS = 500;
const [LEFT, WIDTH, TOP, HEIGHT] = [0, 1000, 8, 84];

/** The window with one edge at a share (0 to 1) of the range; `undefined` when it is the whole range again. */
export function movedWindow({ from, to }: ChartWindow, window: ChartWindow, edge: Edge, share: number): ChartWindow | undefined {
  const span = to - from;
  const at = Math.round(from + Math.min(1, Math.max(0, share)) * span);
  const least = Math.round(NARROWEST * span);
  const next =
    edge === "from"
      ? { from: Math.max(from, Math.min(at, window.to - least)), to: Math.min(window.to, to) }
      : { from: Math.max(window.from, from), to: Math.min(to, Math.max(at, window.from + least)) };
  return next.from <= from && next.to >= to ? undefined : next;
}

/** The first series as a path in a box of 1000 by 100; cut where there is no data. */
export function lanePath({ from, to, grid }: Lane): string {
  const values = grid.columns[0] ?? [];
  const top = Math.max(0, ...values.map((value) => value ?? 0)) || 1;
  const every = Math.ceil(values.length / MOST_POINTS);
  let pen = "M";
  let path = "";
  grid.times.forEach((at, i) => {
    const value = values[i];
    if (value === null) pen = "M";
    if (typeof value !== "number" || i % every !== 0 || at < from) return;
    const x = LEFT + ((at - from) / (to - from)) * WIDTH;
    const y = TOP + HEIGHT - (value / top) * HEIGHT;
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  });
  return path;
}
