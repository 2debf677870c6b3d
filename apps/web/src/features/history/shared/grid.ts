export interface Point {
  /** Milliseconds. */
  readonly at: number;
  readonly value: number;
}

/**
 * Series over one row of times. `null` is a gap that is drawn as one; `undefined` a hole so small that the line goes over it.
 */
export interface Grid {
  /** Milliseconds, ascending. */
  readonly times: readonly number[];
  readonly columns: readonly (readonly (number | null | undefined)[])[];
  /** Stretches without any value, in milliseconds. */
  readonly gaps: readonly (readonly [number, number])[];
}

/** Missing steps from which on the line is cut. */
const CUT_STEPS = 4;

/** Puts several series onto the times any of them has. `step` is the usual distance of points in milliseconds. */
export function toGrid(series: readonly (readonly Point[])[], step: number): Grid {
  const times = [...new Set(series.flatMap((points) => points.map((point) => point.at)))].toSorted((a, b) => a - b);
  const gaps = findGaps(times, step);
  const marked = withMarks(times, gaps);
  const columns = series.map((points) => column(points, marked, step));
  return { times: marked, columns, gaps };
}

function findGaps(times: readonly number[], step: number): [number, number][] {
  const gaps: [number, number][] = [];
  for (let i = 1; i < times.length; i += 1) {
    const [from = 0, to = 0] = [times[i - 1], times[i]];
    if (to - from > CUT_STEPS * step) gaps.push([from, to]);
  }
  return gaps;
}

/** A gap has a time of its own, at which every series is cut. */
function withMarks(times: readonly number[], gaps: readonly (readonly [number, number])[]): number[] {
  return [...times, ...gaps.map(([from, to]) => (from + to) / 2)].toSorted((a, b) => a - b);
}

function column(points: readonly Point[], times: readonly number[], step: number): (number | null | undefined)[] {
  const values = new Map(points.map((point) => [point.at, point.value]));
  let last: number | undefined;
  return times.map((at) => {
    const value = values.get(at);
    if (value !== undefined) {
      last = at;
      return value;
    }
    return last === undefined || at - last > CUT_STEPS * step ? null : undefined;
  });
}

/** The usual distance of points: the median, so that gaps do not count. */
export function usualStep(points: readonly Point[], fallback: number): number {
  const distances = points.slice(1).map((point, i) => point.at - (points[i]?.at ?? point.at));
  return distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? fallback;
}

export interface Summary {
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
  readonly least: number;
  readonly most: number;
  readonly last: number;
}

/** Delays of probes as a server lists them: 0 stands for one that failed and so has none. The latest is missing when that one failed. */
export function answeredProbes(
  times: readonly number[],
  delays: readonly number[],
): { readonly points: Point[]; readonly latest: number | undefined } {
  const points = times.flatMap((at, index) => {
    const value = delays[index] ?? 0;
    return value > 0 ? [{ at, value }] : [];
  });
  const latest = delays.at(-1) ?? 0;
  return { points, latest: latest > 0 ? latest : undefined };
}

/** Over the values of a series; `undefined` without any. */
export function summarise(values: readonly number[]): Summary | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most, last] = [sorted[0], sorted.at(-1), values.at(-1)];
  if (least === undefined || most === undefined || last === undefined) return undefined;
  return {
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    least,
    most,
    last,
  };
}

/** Nearest rank. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
