import type { ServiceServer } from "@windfire/api";
import { useEffect, useMemo, useState } from "react";
import { ServiceLatency } from "#features/history/public/service-latency.tsx";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { EmbedCode } from "#shell/embed-frame.tsx";
import { usePublicSite } from "#shell/public-data.tsx";
import { useTitle } from "#shell/public-shell.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { Link } from "#shell/public-link.tsx";
import { usePathId } from "#shell/public-router-context.ts";
import { Card } from "#ui/card.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { browserTimers } from "#wire/browser.ts";
import { createResource } from "#wire/resource.ts";
import { serviceList } from "#features/services/shared/service-model.ts";
import type { ServiceItem } from "#features/services/shared/service-model.ts";
import { DayBar } from "#features/services/public/day-bar.tsx";

const REFRESH_MS = 30_000;

/** One service: its 30 days, its latency, and what each server sees of it. */
export function ServicePage() {
  const { t } = useFormats();
  const id = usePathId();
  const { data, error } = useResource(usePublicSite().services);
  const item = serviceList(data).find((service) => String(service.id) === id);
  const waits = data === undefined && error === undefined;
  useTitle(item?.name ?? (waits ? "" : t("services.unknown")));
  if (item !== undefined) return <Detail item={item} />;
  if (waits) return <Skeleton className="mt-8 h-64 w-full rounded-card!" />;
  return (
    <div className="pt-16">
      <EmptyState
        first
        title={t("services.unknown")}
        action={
          <Link to="/service" className="wf-btn">
            {t("services.all")}
          </Link>
        }
      >
        {t("services.unknownHelp")}
      </EmptyState>
    </div>
  );
}

function Detail({ item }: { readonly item: ServiceItem }) {
  const { t, number } = useFormats();
  const { store } = useApp().live;
  return (
    <>
      <header className="grid gap-3 pt-5 pb-4">
        <nav aria-label={t("detail.path")} className="text-sm">
          <Link to="/service" className="text-ink-2">
            {t("nav.services")}
          </Link>
        </nav>
        <h1 className="flex items-center gap-3 text-2xl tracking-tight">
          <StateIcon state={item.state} label={t(`service.${item.state}`)} className="size-5.5!" />
          {item.name}
        </h1>
      </header>
      <Card className="grid grid-flow-col grid-cols-[minmax(0,1fr)] items-center gap-x-8 gap-y-3 p-4 max-sm:grid-flow-row max-sm:grid-cols-2">
        <div className="max-sm:col-span-2">
          <DayBar days={item.days} now={store.serverNow()} name={item.name} />
        </div>
        <Figure label={t("services.delay")} value={item.delay === undefined ? "–" : number.milliseconds(item.delay)} />
        {item.certificateDays === undefined ? null : (
          <Figure
            label={t("services.certificate")}
            value={item.certificateDays < 0 ? t("services.certificateOver") : t("unit.day", { value: number.count(item.certificateDays) })}
          />
        )}
        <Figure label={t("services.uptime")} value={item.uptime === undefined ? "–" : number.uptime(item.uptime)} />
      </Card>
      <ServiceLatency id={item.id} />
      <Servers id={item.id} />
      <div className="mt-6">
        <EmbedCode path={`/embed/service/${item.id}`} title={item.name} height={110} />
      </div>
    </>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <p className="text-xs text-ink-3">{label}</p>
      <p className="text-lg font-medium whitespace-nowrap tabular-nums">{value}</p>
    </div>
  );
}

/** Which servers see it how: is it the target, or one path to it? Left out where the dashboard does not tell. */
function Servers({ id }: { readonly id: number }) {
  const { t, number, time } = useFormats();
  const { api } = useApp();
  const resource = useMemo(
    () =>
      createResource({
        load: async () => (await api.get<ServiceServer[] | null>(`/service/${id}/server`)) ?? [],
        timers: browserTimers,
        everyMs: REFRESH_MS,
      }),
    [api, id],
  );
  const { data = [] } = useResource(resource);
  const now = useNow();
  if (data.length === 0) return null;
  return (
    <section className="mt-6">
      <h2 className="mb-3 text-lg">{t("services.servers")}</h2>
      <Card scrolls label={t("services.servers")}>
        <table className="wf-table">
          <thead>
            <tr>
              <th scope="col">{t("column.server")}</th>
              <th scope="col" className="end">
                {t("services.latest")}
              </th>
              <th scope="col" className="end wide">
                {t("services.mean")}
              </th>
              <th scope="col" className="end wide">
                p95
              </th>
              <th scope="col" className="end wide">
                {t("services.loss")}
              </th>
              <th scope="col" className="end">
                {t("services.uptimeDay")}
              </th>
              <th scope="col" className="end wide">
                {t("services.checked")}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((row) => (
              <tr key={row.server_id}>
                <td>
                  <span className="flex items-center gap-2">
                    <StateIcon {...stateOf(row, t)} />
                    <Link
                      to={`/server/${row.server_id}`}
                      search={{ tab: "latency", probe: String(id) }}
                      className="max-w-72 truncate font-medium text-ink max-sm:max-w-40"
                    >
                      {row.server_name}
                    </Link>
                  </span>
                </td>
                <td className="end">{row.last_delay === undefined ? "–" : number.milliseconds(row.last_delay)}</td>
                <td className="end wide">{row.up === 0 ? "–" : number.milliseconds(row.avg_delay)}</td>
                <td className="end wide">{row.p95_delay === undefined ? "–" : number.milliseconds(row.p95_delay)}</td>
                <td className="end wide">{row.loss === undefined ? "–" : number.percent(row.loss)}</td>
                <td className="end">{row.up + row.down === 0 ? "–" : number.uptime(row.up_percent)}</td>
                <td className="end wide text-ink-2">
                  {row.last_checked_at === undefined
                    ? "–"
                    : t("services.ago", { time: time.duration(now - Date.parse(row.last_checked_at)) })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
    </section>
  );
}

function stateOf(
  row: ServiceServer,
  t: (key: string) => string,
): { readonly state: "up" | "critical" | "offline" | "waiting"; readonly label: string } {
  if (!row.online) return { state: "offline", label: t("state.offline") };
  if (row.last_status === undefined) return { state: "waiting", label: t("service.waiting") };
  return row.last_status === 0 ? { state: "critical", label: t("service.critical") } : { state: "up", label: t("service.up") };
}

/** The dashboard's clock, once a second. */
function useNow(): number {
  const { store } = useApp().live;
  const [now, setNow] = useState(store.serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(store.serverNow()), 1000);
    return () => clearInterval(timer);
  }, [store]);
  return now;
}
