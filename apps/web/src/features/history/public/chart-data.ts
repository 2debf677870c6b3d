import type { Grid } from "../shared/grid.ts";

export interface ChartSeries {
  readonly label: string;
  /** Name of a colour role, such as `--c1`. */
  readonly colour: string;
  readonly dash?: boolean;
  readonly fill?: boolean;
  /** Drawn below the axis: the other direction of the same thing. */
  readonly below?: boolean;
}

export interface ChartWindow {
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
}

export interface TimeChartProps {
  readonly title: string;
  readonly grid: Grid;
  readonly series: readonly ChartSeries[];
  /** A value in words; `axis`: short, for a tick. */
  readonly text: (value: number, axis: boolean) => string;
  /** Upper end of the scale when it is fixed. */
  readonly top?: number | undefined;
  /** Steps of the scale: 1024 for bytes. */
  readonly base?: 1000 | 1024;
  readonly height?: number;
  readonly window: ChartWindow;
  readonly onZoom: (window: ChartWindow | undefined) => void;
  readonly className?: string;
  /** Times in which the server was away: shaded. */
  readonly bands?: readonly ChartWindow[];
  /** Newer data is on its way: what is seen is dimmed. */
  readonly stale?: boolean;
}
