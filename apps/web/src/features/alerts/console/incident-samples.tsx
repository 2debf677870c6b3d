import type { Incident, IncidentSamples } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useRead } from "#shell/console/queries.ts";
import { SampleChart } from "./sample-chart.tsx";

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
