import type { CronRun, FleetTraffic, Incident, ServiceHours } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { useRead } from "#shell/console/queries.ts";
import { useMay } from "#shell/console/rights.tsx";
import { Sparkline } from "#ui/sparkline.tsx";
import { dayBegin, failedRuns, perHour, probeFigure, trafficFigure } from "./day-hours.ts";
import type { DayFigure } from "./day-hours.ts";

const SLOW = { everyMs: 60_000 };
/** As many as the dashboard gives at once. */
const MOST_INCIDENTS = 500;
const MOST_RUNS = 200;

/** What the last 24 hours came to, and how they went. */
export function LastDay({ now }: { readonly now: number }) {
  const { t } = useFormats();
  const mayChange = useMay("change");
  return (
    <section aria-labelledby="home-last-day">
      <h2 id="home-last-day" className="mb-2 text-sm font-medium text-ink-2">
        {t("incident.sinces.day")}
      </h2>
      <ul className={`wf-card grid ${mayChange ? "grid-cols-4" : "grid-cols-2"} gap-px overflow-hidden bg-line max-md:grid-cols-2`}>
        <Traffic />
        <Incidents from={dayBegin(now)} />
        {mayChange ? (
          <>
            <Probes />
            <Runs from={dayBegin(now)} />
          </>
        ) : null}
      </ul>
    </section>
  );
}

function Traffic() {
  const { t, number } = useFormats();
  const figure = trafficFigure(useRead<FleetTraffic>("/traffic/hours", undefined, SLOW).data);
  return <Tile name={t("reports.part.traffic")} figure={figure} say={number.bytes} />;
}

function Incidents({ from }: { readonly from: number }) {
  const { t, number } = useFormats();
  const rows = useRead<Incident[] | null>("/incident", { since: new Date(from).toISOString(), limit: MOST_INCIDENTS }, SLOW).data;
  const figure = perHour(
    listed(rows)?.map(({ opened_at }) => opened_at),
    from,
  );
  const name = (
    <Link to="/incident-history" search={{ since: "day" }}>
      {t("nav.incidents")}
    </Link>
  );
  return <Tile name={name} figure={figure} say={(total) => atLeast(number.count(total), total >= MOST_INCIDENTS)} />;
}

function Probes() {
  const { t, number } = useFormats();
  const figure = probeFigure(useRead<ServiceHours>("/service/hours", undefined, SLOW).data);
  const { failed, total } = figure;
  const note = failed > 0 ? t("home.failed", { value: number.percent((failed / total) * 100) }) : "";
  return <Tile name={t("home.probes")} figure={figure} say={number.count} note={note} />;
}

function Runs({ from }: { readonly from: number }) {
  const { t, number } = useFormats();
  const rows = listed(useRead<CronRun[] | null>("/cron-run", { since: new Date(from).toISOString(), limit: MOST_RUNS }, SLOW).data);
  const figure = perHour(
    rows?.map(({ started_at }) => started_at),
    from,
  );
  const failed = failedRuns(rows ?? []);
  const note = failed > 0 ? t("home.failed", { value: number.count(failed) }) : "";
  const name = (
    <Link to="/cron-run" search={{ since: "day" }}>
      {t("nav.runs")}
    </Link>
  );
  return <Tile name={name} figure={figure} say={(total) => atLeast(number.count(total), total >= MOST_RUNS)} note={note} />;
}

interface TileProps {
  readonly name: ReactNode;
  readonly figure: DayFigure;
  readonly say: (total: number) => string;
  readonly note?: string;
}

function Tile({ name, figure: { hours, total }, say, note = "" }: TileProps) {
  return (
    <li className="grid min-w-0 content-start gap-1 bg-surface p-4">
      <span className="truncate text-xs text-ink-2">{name}</span>
      <span className="flex flex-wrap items-baseline gap-x-2">
        <b className="text-xl font-semibold tracking-tight tabular-nums">{Number.isNaN(total) ? "–" : say(total)}</b>
        {note === "" ? null : <span className="text-xs text-ink-2">{note}</span>}
      </span>
      <Sparkline values={hours} className="mt-1 h-7 w-full" />
    </li>
  );
}

/** A list without rows may come as nothing; what has not come yet stays unknown. */
const listed = <T,>(rows: readonly T[] | null | undefined): readonly T[] | undefined => (rows === null ? [] : rows);

/** Whoever got as many as there are at once may not have got all. */
const atLeast = (text: string, isFull: boolean): string => (isFull ? `≥ ${text}` : text);
