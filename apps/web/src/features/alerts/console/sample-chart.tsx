import type { KeyboardEvent, PointerEvent } from "react";
import { useId, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { nearestSample, samplePath, sampleScale, spanOf } from "./sample-path.ts";
import type { Sample } from "./sample-path.ts";

const WIDTH = 600;
const HEIGHT = 120;
/** Samples that an arrow moves on with Shift. */
const FAR = 10;
/** Whatever is shorter is drawn as wide: it would not be seen. */
const LEAST_SPAN = 2;

interface ChartProps {
  readonly title: string;
  /** Ascending. */
  readonly points: readonly Sample[];
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Usual distance of points in milliseconds. */
  readonly step: number;
  /** In the unit of the points; 0 is none. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** When it failed, in milliseconds. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
  readonly text: (value: number) => string;
}

/** One figure over a time: its course, the limits, when it failed, and the value under the pointer or the arrow keys. */
export function SampleChart(props: ChartProps) {
  const { title, points, from, to, text } = props;
  const { t, time } = useFormats();
  const id = useId();
  const [at, setAt] = useState<number>();
  const { least, mean, most } = spanOf(points);
  const span = t("incident.span", { least: text(least), mean: text(mean), most: text(most) });
  const limits = limitsOf(props);
  const chosen = at === undefined ? undefined : points[at];
  const said = chosen === undefined ? span : `${momentText(time, chosen.ts, to - from)}: ${text(chosen.value)}`;
  const onPointer = ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setAt(nearestSample(points, from + ((clientX - left) / width) * (to - from)));
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (at ?? points.length) + step * (event.shiftKey ? FAR : 1);
    setAt(Math.min(points.length - 1, Math.max(0, next)));
  };
  return (
    <figure className="wf-card grid grid-cols-[minmax(0,1fr)] gap-2 p-4">
      <figcaption className="flex flex-wrap justify-between gap-2 text-sm">
        <b id={id} className="min-w-0 truncate font-medium">
          {title}
        </b>
        <span className="text-ink-2 tabular-nums">{said}</span>
      </figcaption>
      <div
        role="slider"
        tabIndex={0}
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={points.length - 1}
        aria-valuenow={at ?? points.length - 1}
        aria-valuetext={said}
        className="touch-pan-y"
        onPointerMove={onPointer}
        onPointerLeave={() => setAt(undefined)}
        onKeyDown={onKey}
        onBlur={() => setAt(undefined)}
      >
        <Drawing {...props} chosen={chosen?.ts} />
      </div>
      <p className="flex justify-between gap-2 text-xs text-ink-3 tabular-nums">
        <span>{time.dateTime(from)}</span>
        {limits.length === 0 ? null : (
          <span>
            {t("alerts.limit")} {limits.map(text).join(" / ")}
          </span>
        )}
        <span>{time.dateTime(to)}</span>
      </p>
    </figure>
  );
}

const HOUR_MS = 3_600_000;

/** Seconds count where a chart shows hours. */
function momentText(time: ReturnType<typeof useFormats>["time"], at: number, length: number): string {
  return length <= 6 * HOUR_MS ? time.clockSeconds(at) : time.dateTime(at);
}

const limitsOf = ({ min, max }: Pick<ChartProps, "min" | "max">): number[] =>
  [min, max].filter((bound) => bound !== undefined && bound > 0) as number[];

function Drawing(props: ChartProps & { readonly chosen: number | undefined }) {
  const { points, from, to, step, spans, chosen } = props;
  const scale = sampleScale(props, from, to, WIDTH, HEIGHT);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" className="h-30 w-full">
      {spans.map((span) => (
        <rect
          key={span.from}
          x={scale.x(span.from)}
          y="0"
          width={Math.max(LEAST_SPAN, scale.x(span.to) - scale.x(span.from))}
          height={HEIGHT}
          className="fill-crit-soft"
        />
      ))}
      {limitsOf(props).map((bound) => (
        <path
          key={bound}
          d={`M0 ${scale.y(bound)}H${WIDTH}`}
          className="stroke-crit"
          strokeDasharray="5 4"
          fill="none"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      <path d={samplePath(points, scale, step)} className="stroke-link" strokeWidth="1.5" fill="none" vectorEffect="non-scaling-stroke" />
      {chosen === undefined ? null : (
        <path d={`M${scale.x(chosen)} 0V${HEIGHT}`} className="stroke-ink-3" fill="none" vectorEffect="non-scaling-stroke" />
      )}
    </svg>
  );
}
