const WIDTH = 96;
const HEIGHT = 24;
const EDGE = 2;
const MOST_POINTS = 96;
/** A single point between two gaps is so wide. */
const DOT = 1;

interface SparklineProps {
  /** NaN is a gap. */
  readonly values: readonly number[];
  /** What the upper edge stands for; a bit above the highest value when left out. */
  readonly top?: number;
  readonly label?: string;
  readonly className?: string;
}

/** A small drawing of how a value went, without axes. Gaps, and fewer than two points, are a flat dashed line. */
export function Sparkline({ values, top, label, className = "" }: SparklineProps) {
  const name = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  const runs = values.length < 2 ? [] : sparkRuns(thin(values), top);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className={`block ${className}`} {...name}>
      {runs.length === 0 || values.some(Number.isNaN) ? (
        <path d={`M0 ${HEIGHT - EDGE}H${WIDTH}`} stroke="var(--line-2)" strokeDasharray="3 3" vectorEffect="non-scaling-stroke" />
      ) : null}
      {runs.length === 0 ? null : (
        <>
          <path d={runs.map(({ from, line }) => `${line}V${HEIGHT}H${from}Z`).join("")} fill="var(--c1)" opacity="0.12" />
          <path
            d={runs.map(({ line }) => line).join("")}
            fill="none"
            stroke="var(--c1)"
            strokeWidth="1.4"
            vectorEffect="non-scaling-stroke"
          />
        </>
      )}
    </svg>
  );
}

/** A line for each stretch without a gap, from zero to the top, or to a bit above the highest value, so that a quiet line is not blown up. */
export function sparkRuns(values: readonly number[], fixed?: number): readonly { readonly from: string; readonly line: string }[] {
  const known = values.filter((value) => !Number.isNaN(value));
  const top = fixed !== undefined && fixed > 0 ? fixed : Math.max(...known) * 1.15 || 1;
  const x = (i: number) => ((i / (values.length - 1)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - EDGE - (Math.min(value, top) / top) * (HEIGHT - 2 * EDGE)).toFixed(1);
  const runs: { from: string; line: string }[] = [];
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    const run = runs.at(-1);
    if (run !== undefined && !Number.isNaN(values[i - 1])) run.line += `L${x(i)} ${y(value)}`;
    else runs.push({ from: x(i), line: `M${x(i)} ${y(value)}${dotAt(values, i)}` });
  }
  return runs;
}

/** A point without neighbours shows as a short line. */
function dotAt(values: readonly number[], i: number): string {
  const next = values[i + 1];
  if (next === undefined) return `h-${DOT}`;
  return Number.isNaN(next) ? `h${DOT}` : "";
}

/** Means of equal parts, when there are more points than pixels would show. */
function thin(values: readonly number[]): readonly number[] {
  if (values.length <= MOST_POINTS) return values;
  const size = Math.ceil(values.length / MOST_POINTS);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => {
    const part = values.slice(i * size, (i + 1) * size);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
