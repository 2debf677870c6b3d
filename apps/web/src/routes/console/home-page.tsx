import type { ServicesOverview } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { serviceList } from "#features/services/shared/service-model.ts";
import { useApp } from "#shell/app-context.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useRead } from "#shell/console/queries.ts";
import { Skeleton } from "#ui/skeleton.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { StateShape } from "#ui/state-icon.tsx";
import { healthRank, isProblem } from "#features/servers/shared/health.ts";
import { troubleText } from "#features/servers/shared/health-words.ts";
import { parsePlan } from "#features/servers/shared/plan.ts";
import { useRows } from "#features/servers/console/server-rows.ts";
import { FirstSteps, isNew } from "./first-steps.tsx";
import type { ServerRow } from "#features/servers/console/server-rows.ts";

const SOON_DAYS = 30;
const MOST_ROWS = 12;

/** What needs attention, first; then what will soon. */
export function Page() {
  const { t, number } = useFormats();
  const { rows, loading } = useRows();
  const services = serviceList(useRead<ServicesOverview>("/service").data);
  if (loading) return <Skeleton className="h-40 w-full" />;
  const troubled = rows.filter((row) => isProblem(row.health)).toSorted((a, b) => healthRank(a.health) - healthRank(b.health));
  const failing = services.filter((service) => service.state === "critical" || service.state === "warn");
  const count = troubled.length + failing.length;
  const waiting = rows.filter((row) => row.health === "waiting").length;
  const fine = {
    servers: number.count(rows.length - troubled.length - waiting),
    total: number.count(rows.length),
    up: services.length - failing.length,
    services: services.length,
  };
  const quiet = waiting === 0 ? t("home.allWell") : t("home.waiting", { count: waiting });
  const headline = count === 0 ? quiet : t("home.attention", { count });
  return (
    <>
      <PageBar title={t("nav.home")} />
      <div className="grid grid-cols-[minmax(0,1fr)_20.5rem] items-start gap-6 max-lg:grid-cols-[minmax(0,1fr)]">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          {isNew(rows) ? <FirstSteps rows={rows} /> : null}
          {rows.length === 0 ? null : (
            <div>
              <h2 className="text-2xl tracking-tight">{headline}</h2>
              <p className="mt-1 text-ink-2">{services.length === 0 ? t("home.fine", fine) : t("home.fineServices", fine)}</p>
            </div>
          )}
          {count === 0 ? null : (
            <ul className="wf-card">
              {troubled.slice(0, MOST_ROWS).map((row) => (
                <TroubledServer key={row.server.id} row={row} />
              ))}
              {failing.slice(0, MOST_ROWS).map((service) => (
                <Item
                  key={service.id}
                  state={service.state}
                  title={t("home.service", { name: service.name })}
                  action={
                    <a href={`/service/${service.id}`} className="wf-btn" data-size="small">
                      {t("servers.open")}
                    </a>
                  }
                >
                  {service.state === "critical" ? t("home.serviceDown") : t("home.serviceShaky")}
                </Item>
              ))}
            </ul>
          )}
        </div>
        <Renewals rows={rows} />
      </div>
    </>
  );
}

function TroubledServer({ row }: { readonly row: ServerRow }) {
  const formats = useFormats();
  const { t, time } = formats;
  const { store } = useApp().live;
  const { server, live, health } = row;
  const seen = live?.lastSeen;
  const offline =
    seen === undefined
      ? t("server.offlineHelp")
      : `${t("server.offlineFor", { time: time.duration(store.serverNow() - seen) })} ${t("server.offlineHelp")}`;
  return (
    <Item
      state={health}
      title={health === "offline" ? t("home.offline", { name: server.name }) : t("home.trouble", { name: server.name })}
      action={
        <Link to="/servers" search={{ s: String(server.id) }} className="wf-btn" data-size="small">
          {t("servers.open")}
        </Link>
      }
    >
      {health === "offline" || live === undefined ? offline : troubleText(formats, live)}
    </Item>
  );
}

function Item(props: { readonly state: StateShape; readonly title: string; readonly action: ReactNode; readonly children: ReactNode }) {
  return (
    <li className="flex items-center gap-4 border-b border-line px-4 py-3 last:border-0">
      <StateIcon state={props.state} className="size-4.5!" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{props.title}</p>
        <p className="text-sm text-ink-2">{props.children}</p>
      </div>
      {props.action}
    </li>
  );
}

function Renewals({ rows }: { readonly rows: readonly ServerRow[] }) {
  const { t, number } = useFormats();
  const { store } = useApp().live;
  const due = rows
    .map((row) => ({ row, days: parsePlan(row.server.public_note ?? "", store.serverNow())?.days }))
    .filter((entry): entry is { row: ServerRow; days: number } => typeof entry.days === "number" && entry.days <= SOON_DAYS)
    .toSorted((a, b) => a.days - b.days);
  if (due.length === 0) return null;
  return (
    <section>
      <h2 className="mb-2 text-sm font-medium text-ink-2">{t("home.renewals")}</h2>
      <ul className="wf-card text-sm">
        {due.slice(0, MOST_ROWS).map(({ row, days }) => (
          <li key={row.server.id} className="flex items-center justify-between gap-3 border-b border-line px-4 py-2 last:border-0">
            <Link to="/servers" search={{ s: String(row.server.id) }} className="truncate font-medium text-ink">
              {row.server.name}
            </Link>
            <span className={days < 10 ? "font-medium text-warn-text tabular-nums" : "tabular-nums"}>
              {days < 0 ? t("plan.expired", { value: number.count(-days) }) : t("unit.day", { value: number.count(days) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
