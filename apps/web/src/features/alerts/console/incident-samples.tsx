import type { Incident, IncidentSamples } from "@windfire/api";
import type { TFunction } from "i18next";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useRead } from "#shell/console/queries.ts";
import { samplePath, sampleScale } from "./sample-path.ts";

const WIDTH = 600;
const HEIGHT = 120;

type Series = IncidentSamples["series"][number];

/** What was measured around an incident, with the limits of its rule and the time it lasted. */
export function IncidentSamplesSection({ incident }: { readonly incident: Incident }) {
  const { t } = useFormats();
  const { data } = useRead<IncidentSamples>(`/incident/${incident.id}/samples`);
  const series = data?.series.filter(({ points }) => points.length > 1) ?? [];
  if (data === undefined || series.length === 0) return null;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h3 className="text-sm font-strong text-ink-2">{t("incident.measured")}</h3>
      {series.map((one) => (
        <SampleChart key={one.metric} series={one} samples={data} incident={incident} />
      ))}
    </section>
  );
}

function metricName(t: TFunction, metric: Series["metric"]): string {
  if (metric === "service_delay") return t("services.delay");
  if (metric === "service_loss") return t("services.loss");
  return t(`incident.metric.${metric}`, { defaultValue: metric });
}

interface ChartProps {
  readonly series: Series;
  readonly samples: IncidentSamples;
  readonly incident: Incident;
}

function SampleChart({ series, samples, incident }: ChartProps) {
  const { t, number, time } = useFormats();
  const [from, to] = [Date.parse(samples.from), Date.parse(samples.to)];
  const scale = sampleScale(series, from, to, WIDTH, HEIGHT);
  const opened = parseTime(incident.opened_at) ?? from;
  const ended = parseTime(incident.ended_at) ?? to;
  const text = (value: number) => (series.percent === true ? number.percent(value) : number.significant(value));
  const most = Math.max(...series.points.map(({ value }) => value));
  const name = metricName(t, series.metric);
  return (
    <figure className="wf-card grid gap-2 p-4">
      <figcaption className="flex flex-wrap justify-between gap-2 text-sm">
        <b className="font-medium">{name}</b>
        <span className="text-ink-2 tabular-nums">{t("incident.most", { value: text(most) })}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name}, ${time.dateTime(from)} – ${time.dateTime(to)}, ${t("incident.most", { value: text(most) })}`}
        className="h-30 w-full"
      >
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
      </svg>
      <p className="flex justify-between text-xs text-ink-3 tabular-nums">
        <span>{time.dateTime(from)}</span>
        <span>{time.dateTime(to)}</span>
      </p>
    </figure>
  );
}
