import type { Incident, IncidentSamples } from "@windfire/api";
import { HistoryAwayNote } from "#features/history/shared/history-away-note.tsx";
import { useFormats } from "#lib/formats.ts";
import type { Formats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useRead } from "#shell/console/queries.ts";
import { isHistoryAway } from "#wire/history-away.ts";
import { valueText } from "./condition-text.ts";
import { ruleMetricOf, typeOfMetric } from "./rule-metrics.ts";
import { SampleChart } from "./sample-chart.tsx";

type Series = IncidentSamples["series"][number];

/** What was measured around an incident, with the limits of its rule and the time it lasted. */
export function IncidentSamplesSection({ incident }: { readonly incident: Incident }) {
  const formats = useFormats();
  const { t } = formats;
  const { data, error } = useRead<IncidentSamples>(`/incident/${incident.id}/samples`);
  const series = data?.series.filter(({ points }) => points.length > 1) ?? [];
  if (data === undefined) return isHistoryAway(error) ? <HistoryAwayNote /> : null;
  if (series.length === 0) return null;
  const [from, to] = [Date.parse(data.from), Date.parse(data.to)];
  const lasted = { from: parseTime(incident.opened_at) ?? from, to: parseTime(incident.ended_at) ?? to };
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h3 className="text-sm font-strong text-ink-2">{t("incident.measured")}</h3>
      {series.map((one) => (
        <SampleChart
          key={one.metric}
          title={metricName(formats, one)}
          points={one.points}
          from={from}
          to={to}
          step={data.step_seconds * 1000}
          min={one.min}
          max={one.max}
          spans={[lasted]}
          text={(value) => metricText(formats, one, value)}
        />
      ))}
    </section>
  );
}

function metricName({ t }: Formats, { metric }: Series): string {
  if (metric === "service_delay") return t("services.delay");
  if (metric === "service_loss") return t("services.loss");
  const type = typeOfMetric(metric);
  return type === undefined ? metric : t(`alerts.types.${type}`);
}

function metricText({ number, ...formats }: Formats, { metric, percent }: Series, value: number): string {
  if (percent === true) return number.percent(value);
  const type = typeOfMetric(metric);
  // What is percent of a condition is bytes where nobody knows of how many.
  if (type === undefined || ruleMetricOf(type)?.of !== undefined) return number.significant(value);
  return valueText({ number, ...formats }, type, value);
}
