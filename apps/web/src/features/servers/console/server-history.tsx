import type { Server, ServerAvailability } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useIsAdmin, useRead } from "#shell/console/queries.ts";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { Note } from "#ui/banner.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { AgentChanges } from "./agent-changes.tsx";
import { AvailabilityBar } from "./availability-bar.tsx";
import { TrafficCorrections } from "./traffic-corrections.tsx";

const DAYS = ["1", "7", "30", "90"] as const;
const MOST_TIMES = 50;

/** How a server was there: its share of the time, day by day, each time it was away, and what became of its agent; with the ways to its incidents and changes. */
export function ServerHistory({ server }: { readonly server: Server }) {
  const { t, number } = useFormats();
  const admin = useIsAdmin();
  const [search, change] = useSearchState();
  const days = oneOf(search["days"], DAYS) ?? "30";
  const { data, error } = useRead<ServerAvailability>(`/server/${server.id}/availability`, { days });
  const id = String(server.id);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="text-sm font-strong text-ink-2">{t("availability.title")}</h3>
        <Segmented
          label={t("availability.range")}
          value={days}
          onChange={(next) => change({ days: next === "30" ? "" : next })}
          segments={DAYS.map((value) => ({ value, label: t("unit.day", { value: number.count(Number(value)) }) }))}
        />
      </div>
      {error === null ? null : <Note state="critical">{error.message}</Note>}
      {data === undefined ? error === null ? <Skeleton className="h-40 w-full" /> : null : <Times availability={data} />}
      <AgentChanges serverId={server.id} days={days} />
      <TrafficCorrections server={server} />
      <p className="flex flex-wrap gap-4 text-sm">
        <Link to="/incident-history" search={{ server: id }}>
          {t("incident.ofRule", { name: server.name })}
        </Link>
        {admin ? (
          <Link to="/audit" search={{ kind: "server", key: id }}>
            {t("nav.audit")}
          </Link>
        ) : null}
      </p>
    </>
  );
}

function Times({ availability }: { readonly availability: ServerAvailability }) {
  const { t, number, time } = useFormats();
  const { percent, offline_seconds: away, unknown_seconds: unknown, offline } = availability;
  if (percent === null) return <p className="text-ink-2">{t("availability.none")}</p>;
  return (
    <>
      <div>
        <p className="text-2xl tracking-tight tabular-nums">{number.uptime(percent)}</p>
        <p className="flex flex-wrap gap-x-3 text-sm text-ink-2">
          {away === 0 ? null : <span>{t("availability.offlineFor", { time: time.duration(away * 1000) })}</span>}
          {unknown === 0 ? null : <span className="text-ink-3">{t("availability.unknown", { time: time.duration(unknown * 1000) })}</span>}
        </p>
      </div>
      <AvailabilityBar days={availability.by_day} />
      <section className="grid gap-2">
        <h3 className="text-sm font-strong text-ink-2">{t("availability.times")}</h3>
        {offline.length === 0 ? <p className="text-sm text-ink-2">{t("availability.never")}</p> : null}
        <ul className={offline.length === 0 ? "" : "wf-card text-sm"}>
          {offline.slice(0, MOST_TIMES).map(({ from, to }) => {
            const [begin, end] = [parseTime(from) ?? 0, parseTime(to)];
            return (
              <li key={from} className="flex items-center justify-between gap-3 border-b border-line px-4 py-2 last:border-0">
                <span title={time.full(begin)}>{time.dateTime(begin)}</span>
                <span className="text-ink-2 tabular-nums">
                  {end === undefined ? t("availability.lasting") : time.duration(end - begin)}
                </span>
              </li>
            );
          })}
        </ul>
        {offline.length > MOST_TIMES ? (
          <p className="text-sm text-ink-3">{t("dialog.more", { count: offline.length - MOST_TIMES })}</p>
        ) : null}
      </section>
    </>
  );
}
