const WIDTH = 96;
const HEIGHT = 24;
const EDGE = 2;
const MOST_POINTS = 96;

/** A small drawing of how a value went, without axes. Fewer than two points give a flat dashed line. */
export function Sparkline({
  values,
  label,
  className = "",
}: {
  readonly values: readonly number[];
  readonly label?: string;
  readonly className?: string;
}) {
  const name = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  const line = values.length < 2 ? undefined : sparkPath(thin(values));
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className={`block ${className}`} {...name}>
      {line === undefined ? (
        <path d={`M0 ${HEIGHT - EDGE}H${WIDTH}`} stroke="var(--line-2)" strokeDasharray="3 3" vectorEffect="non-scaling-stroke" />
      ) : (
        <>
          <path d={`${line}V${HEIGHT}H0Z`} fill="var(--c1)" opacity="0.12" />
          <path d={line} fill="none" stroke="var(--c1)" strokeWidth="1.4" vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
}

/** From zero to a bit above the highest value, so that a quiet line is not blown up. */
function sparkPath(values: readonly number[]): string {
  const top = Math.max(...values) * 1.15 || 1;
  const x = (i: number) => ((i / (values.length - 1)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE)).toFixed(1);
  return values.map((value, i) => `${i === 0 ? "M" : "L"}${x(i)} ${y(value)}`).join("");
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
