import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useApp } from "#shell/app-context.tsx";
import { usePublicSite } from "#shell/public-data.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { Card } from "#ui/card.tsx";
import { MeterBar } from "#ui/meter.tsx";
import type { LiveRecord } from "#wire/live-store.ts";
import { levelOf } from "../shared/health.ts";
import { cyclesOf } from "./cycle-traffic.ts";
import type { Cycle } from "./cycle-traffic.ts";

/** What a server moved since it started, and in each running cycle, with what the cycle will have used. */
export function TrafficTab({ record }: { readonly record: LiveRecord }) {
  const { t, number } = useFormats();
  const cycles = cyclesOf(useResource(usePublicSite().services).data, record.id);
  const { net_in_transfer: received = 0, net_out_transfer: sent = 0 } = record.state;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 pt-4">
      {cycles.map((cycle) => (
        <CycleCard key={cycle.rule} cycle={cycle} />
      ))}
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

function CycleCard({ cycle }: { readonly cycle: Cycle }) {
  const { t, number, time } = useFormats();
  const { store } = useApp().live;
  const { name, used, limit, forecast } = cycle;
  const now = store.serverNow();
  const percent = limit === 0 ? undefined : (used / limit) * 100;
  const over = forecast !== undefined && limit !== 0 && forecast > limit;
  const [from, to] = [parseTime(cycle.from), parseTime(cycle.to)];
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
    </Card>
  );
}
