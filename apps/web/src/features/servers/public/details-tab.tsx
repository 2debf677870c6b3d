import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { EmbedCode } from "#shell/embed-frame.tsx";
import { Chip } from "#ui/chip.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { parsePlan } from "../shared/plan.ts";
import { systemName } from "../shared/system-name.ts";
import { priceText, renewalText } from "../shared/plan-text.tsx";

/** Everything the host says about itself, its sensors, its plan. */
export function DetailsTab({ record }: { readonly record: LiveRecord }) {
  return (
    <div className="grid grid-cols-2 items-start gap-3 pt-4 max-lg:grid-cols-1">
      <HostFacts record={record} />
      <div className="grid gap-3">
        <Sensors record={record} />
        <PlanFacts record={record} />
        <EmbedCode path={`/embed/server/${record.id}`} title={record.name} height={190} />
      </div>
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="wf-card grid gap-3 p-4">
      <h2 className="text-md">{title}</h2>
      {children}
    </section>
  );
}

function HostFacts({ record }: { readonly record: LiveRecord }) {
  const { t, number, time, country } = useFormats();
  const { host, state, lastSeen } = record;
  const bytes = (value: number | undefined) => (value === undefined ? undefined : number.bytes(value));
  const facts: [string, ReactNode][] = [
    [t("column.system"), systemName(host)],
    [t("detail.architecture"), host.arch],
    [t("detail.virtualization"), host.virtualization?.toUpperCase()],
    [t("detail.processor"), host.cpu?.join("\n")],
    [t("metric.gpu"), host.gpu?.join("\n")],
    [t("metric.memory"), bytes(host.mem_total)],
    [t("metric.swap"), bytes(host.swap_total)],
    [t("metric.disk"), bytes(host.disk_total)],
    [t("detail.region"), record.country === "" ? undefined : country(record.country)],
    [t("detail.booted"), host.boot_time === undefined ? undefined : time.dateTime(host.boot_time * 1000)],
    [t("detail.received"), bytes(state.net_in_transfer)],
    [t("detail.sent"), bytes(state.net_out_transfer)],
    [t("detail.agent"), host.version],
    [t("detail.lastReport"), lastSeen === undefined ? undefined : <span title={time.full(lastSeen)}>{time.dateTime(lastSeen)}</span>],
  ];
  return (
    <Section title={t("detail.host")}>
      <FactList facts={facts} />
    </Section>
  );
}

function FactList({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="wf-facts">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt>{label}</dt>
          <dd className="whitespace-pre-wrap tabular-nums">{value === undefined || value === "" ? "–" : value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Sensors({ record }: { readonly record: LiveRecord }) {
  const { t, number } = useFormats();
  const sensors = record.state.temperatures ?? [];
  if (sensors.length === 0) return null;
  return (
    <Section title={t("metric.temperature")}>
      <FactList facts={sensors.map((sensor) => [sensor.Name, number.temperature(sensor.Temperature)])} />
    </Section>
  );
}

function PlanFacts({ record }: { readonly record: LiveRecord }) {
  const formats = useFormats();
  const { t, time } = formats;
  const { store } = useApp().live;
  const plan = parsePlan(record.note, store.serverNow());
  if (plan === undefined) return null;
  const renewal = renewalText(formats, plan);
  const facts: [string, ReactNode][] = [
    [t("detail.price"), priceText(formats, plan)],
    [t("column.renews"), plan.renewsAt === undefined ? renewal : `${time.date(plan.renewsAt, store.serverNow())} (${renewal})`],
    [t("detail.bandwidth"), plan.bandwidth],
    [t("detail.volume"), plan.traffic],
    [
      t("detail.includes"),
      plan.tags.length === 0 ? undefined : (
        <span className="flex flex-wrap gap-1">
          {plan.tags.map((tag) => (
            <Chip key={tag}>{tag}</Chip>
          ))}
        </span>
      ),
    ],
  ];
  return (
    <Section title={t("detail.plan")}>
      <FactList facts={facts} />
    </Section>
  );
}
