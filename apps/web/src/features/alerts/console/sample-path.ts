export interface Sample {
  /** Milliseconds. */
  readonly ts: number;
  readonly value: number;
}

export interface SampleScale {
  x(at: number): number;
  y(value: number): number;
}

/** Room above the highest value or limit. */
const HEADROOM = 1.1;
/** Missing steps from which on the line is cut. */
const CUT_STEPS = 4;

/** From moments and values to places in a drawing; it begins at 0 and holds every value and every limit. */
export function sampleScale(
  {
    points,
    min = 0,
    max = 0,
  }: { readonly points: readonly Sample[]; readonly min?: number | undefined; readonly max?: number | undefined },
  from: number,
  to: number,
  width: number,
  height: number,
): SampleScale {
  const top = Math.max(min, max, ...points.map(({ value }) => value)) * HEADROOM || 1;
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    x: (at) => round(Math.min(1, Math.max(0, (at - from) / Math.max(1, to - from))) * width),
    y: (value) => round(height - (Math.max(0, value) / top) * height),
  };
}

/** The line through samples, cut where some are missing. */
export function samplePath(points: readonly Sample[], scale: SampleScale, stepMs: number): string {
  return points
    .map(({ ts, value }, i) => {
      const before = points[i - 1];
      const verb = before === undefined || ts - before.ts > CUT_STEPS * stepMs ? "M" : "L";
      return `${verb}${scale.x(ts)} ${scale.y(value)}`;
    })
    .join("");
}

/** Place of the sample that is nearest to a moment. */
export function nearestSample(points: readonly Sample[], at: number): number {
  let best = 0;
  for (const [i, { ts }] of points.entries()) if (Math.abs(ts - at) < Math.abs((points[best]?.ts ?? ts) - at)) best = i;
  return best;
}

/** Between what samples lie, and their mean. */
export function spanOf(points: readonly Sample[]): { readonly least: number; readonly mean: number; readonly most: number } {
  const values = points.map(({ value }) => value);
  const sum = values.reduce((all, value) => all + value, 0);
  return { least: Math.min(...values), mean: sum / Math.max(1, values.length), most: Math.max(...values) };
}
