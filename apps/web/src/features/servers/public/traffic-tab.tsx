import type { ServerTraffic } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useApp } from "#shell/app-context.tsx";
import { usePublicSite, useSignedIn } from "#shell/public-data.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { Card } from "#ui/card.tsx";
import { MeterBar } from "#ui/meter.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { levelOf } from "../shared/health.ts";
import { cyclesOf } from "./cycle-traffic.ts";
import type { Cycle } from "./cycle-traffic.ts";
import { TrafficChart } from "./traffic-chart.tsx";
import { daysSince } from "./traffic-model.ts";
import { useTraffic } from "./use-traffic.ts";

/** What a server moved since it started, and in each running cycle, with what the cycle will have used. */
export function TrafficTab({ record }: { readonly record: LiveRecord }) {
  const { t, number } = useFormats();
  const cycles = cyclesOf(useResource(usePublicSite().services).data, record.id);
  const { net_in_transfer: received = 0, net_out_transfer: sent = 0 } = record.state;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 pt-4">
      {cycles.map((cycle) => (
        <CycleCard key={cycle.rule} id={record.id} cycle={cycle} />
      ))}
      <RecordedCard id={record.id} />
      <Card className="p-4">
        <h2 className="mb-2 text-md">{t("traffic.boot")}</h2>
        <dl className="wf-facts">
          <dt>{t("detail.received")}</dt>
          <dd className="tabular-nums">{number.bytes(received)}</dd>
          <dt>{t("detail.sent")}</dt>
          <dd className="tabular-nums">{number.bytes(sent)}</dd>
        </dl>
      </Card>
      {cycles.length === 0 ? <p className="text-sm text-ink-2">{t("traffic.noCycle")}</p> : null}
    </div>
  );
}

/** Days back by what they are called in addresses and texts. */
const DAYS = { "24h": 1, "7d": 7, "30d": 30 } as const;
const RANGES = ["24h", "7d", "30d"] as const;

/** What was moved by the hour or the day, as far back as may be seen. */
function RecordedCard({ id }: { readonly id: number }) {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const guest = !useSignedIn();
  const wanted = oneOf(search["range"], RANGES) ?? "24h";
  const range = guest ? "24h" : wanted;
  const { data, error } = useTraffic(id, DAYS[range]);
  return (
    <Card className="grid gap-3 p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-md">{t(range === "24h" ? "traffic.byHour" : "traffic.byDay")}</h2>
        <Segmented
          label={t("range.label")}
          value={range}
          onChange={(next) => change({ range: next === "24h" ? "" : next })}
          segments={RANGES.map((value) => ({
            value,
            label: t(`range.${value}`),
            ...(guest && value !== "24h" ? { locked: t("range.guest", { range: t(`range.${value}`) }) } : {}),
          }))}
        />
      </div>
      <Recorded traffic={data} error={error} />
    </Card>
  );
}

function Recorded({
  traffic,
  error,
  begin,
}: {
  readonly traffic: ServerTraffic | undefined;
  readonly error: Error | undefined;
  readonly begin?: number;
}) {
  const { t } = useFormats();
  if (traffic === undefined) {
    return error === undefined ? <Skeleton className="h-44 w-full" /> : <p className="text-sm text-ink-2">{error.message}</p>;
  }
  if (traffic.since === null && traffic.bars.every((bar) => bar.in + bar.out === 0))
    return <p className="text-sm text-ink-2">{t("traffic.none")}</p>;
  return <TrafficChart traffic={traffic} {...(begin === undefined ? {} : { begin })} />;
}

/** The days of a running cycle; nothing where they may not be seen, or are more than are kept. */
function CycleDays({ id, begin, days }: { readonly id: number; readonly begin: number; readonly days: number }) {
  const { data, error } = useTraffic(id, days);
  return <Recorded traffic={data} error={error} begin={begin} />;
}

function CycleCard({ id, cycle }: { readonly id: number; readonly cycle: Cycle }) {
  const { t, number, time } = useFormats();
  const { store } = useApp().live;
  const { name, used, limit, forecast } = cycle;
  const now = store.serverNow();
  const percent = limit === 0 ? undefined : (used / limit) * 100;
  const over = forecast !== undefined && limit !== 0 && forecast > limit;
  const [from, to] = [parseTime(cycle.from), parseTime(cycle.to)];
  const guest = !useSignedIn();
  const days = from === undefined || guest ? undefined : daysSince(from, now);
  return (
    <Card className="grid gap-2 p-4">
      <h2 className="flex flex-wrap items-baseline justify-between gap-2 text-md">
        {name}
        {from === undefined || to === undefined ? null : (
          <span className="text-sm font-normal text-ink-3 tabular-nums">
            {t("range.window", { from: time.date(from, now), to: time.date(to, now) })}
          </span>
        )}
      </h2>
      <p className="text-2xl tracking-tight tabular-nums">
        {limit === 0 ? number.bytes(used) : t("traffic.of", { used: number.bytes(used), limit: number.bytesShort(limit) })}
      </p>
      {percent === undefined ? null : <MeterBar value={percent} level={levelOf(percent)} className="w-full" />}
      {forecast === undefined ? null : (
        <p className={`text-sm ${over ? "font-medium text-warn-text" : "text-ink-2"}`}>
          {t(over ? "traffic.forecastOver" : "traffic.forecast", { value: number.bytes(forecast) })}
        </p>
      )}
      {from === undefined || days === undefined ? null : <CycleDays id={id} begin={from} days={days} />}
    </Card>
  );
}
