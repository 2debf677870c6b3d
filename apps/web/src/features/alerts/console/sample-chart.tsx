import type { Incident, IncidentSamples } from "@windfire/api";
import type { TFunction } from "i18next";
import type { KeyboardEvent, PointerEvent } from "react";
import { useId, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { nearestSample, samplePath, sampleScale, spanOf } from "./sample-path.ts";

const WIDTH = 600;
const HEIGHT = 120;
/** Samples that an arrow moves on with Shift. */
const FAR = 10;

type Series = IncidentSamples["series"][number];

interface ChartProps {
  readonly series: Series;
  readonly samples: IncidentSamples;
  readonly incident: Incident;
}

/** One figure around an incident: its course, the limits, the time the incident lasted, and the value under the pointer or the arrow keys. */
export function SampleChart({ series, samples, incident }: ChartProps) {
  const { t, number, time } = useFormats();
  const id = useId();
  const [at, setAt] = useState<number>();
  const { points } = series;
  const [from, to] = [Date.parse(samples.from), Date.parse(samples.to)];
  const text = (value: number) => (series.percent === true ? number.percent(value) : number.significant(value));
  const { least, mean, most } = spanOf(points);
  const span = t("incident.span", { least: text(least), mean: text(mean), most: text(most) });
  const limits = [series.min, series.max].filter((bound) => bound !== undefined);
  const chosen = at === undefined ? undefined : points[at];
  const said = chosen === undefined ? span : `${time.clockSeconds(chosen.ts)}: ${text(chosen.value)}`;
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
    <figure className="wf-card grid gap-2 p-4">
      <figcaption className="flex flex-wrap justify-between gap-2 text-sm">
        <b id={id} className="font-medium">
          {metricName(t, series.metric)}
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
        <Drawing series={series} samples={samples} incident={incident} chosen={chosen?.ts} />
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

function Drawing({ series, samples, incident, chosen }: ChartProps & { readonly chosen: number | undefined }) {
  const [from, to] = [Date.parse(samples.from), Date.parse(samples.to)];
  const scale = sampleScale(series, from, to, WIDTH, HEIGHT);
  const opened = parseTime(incident.opened_at) ?? from;
  const ended = parseTime(incident.ended_at) ?? to;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" className="h-30 w-full">
      <rect x={scale.x(opened)} y="0" width={Math.max(1, scale.x(ended) - scale.x(opened))} height={HEIGHT} className="fill-crit-soft" />
      {[series.min, series.max].map((bound, i) =>
        bound === undefined ? null : (
          <path
            key={i}
            d={`M0 ${scale.y(bound)}H${WIDTH}`}
            className="stroke-crit"
            strokeDasharray="5 4"
            fill="none"
            vectorEffect="non-scaling-stroke"
          />
        ),
      )}
      <path
        d={samplePath(series.points, scale, samples.step_seconds * 1000)}
        className="stroke-link"
        strokeWidth="1.5"
        fill="none"
        vectorEffect="non-scaling-stroke"
      />
      {chosen === undefined ? null : (
        <path d={`M${scale.x(chosen)} 0V${HEIGHT}`} className="stroke-ink-3" fill="none" vectorEffect="non-scaling-stroke" />
      )}
    </svg>
  );
}

function metricName(t: TFunction, metric: Series["metric"]): string {
  if (metric === "service_delay") return t("services.delay");
  if (metric === "service_loss") return t("services.loss");
  return t(`incident.metric.${metric}`, { defaultValue: metric });
}
