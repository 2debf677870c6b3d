import { Maximize, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { groupNames, inGroup, sumFleet } from "#features/servers/public/list-model.ts";
import { headline } from "#features/servers/public/statement.tsx";
import { ProblemReason } from "#features/servers/public/problem-list.tsx";
import { WallTiles } from "#features/servers/public/wall-tiles.tsx";
import { healthOf, worstFirst } from "#features/servers/shared/health.ts";
import { serviceList } from "#features/services/shared/service-model.ts";
import { useApp } from "#shell/app-context.tsx";
import { useConnection } from "#shell/connection.tsx";
import { useLiveStatus, useServers } from "#shell/live-hooks.ts";
import { useSearchState } from "#shell/navigation.ts";
import { usePublicSite } from "#shell/public-data.tsx";
import { useTitle } from "#shell/public-shell.tsx";
import { Link } from "#shell/public-link.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-record.ts";

const ROTATE_S = 30;
const SHORTEST_S = 5;
const MOST_PROBLEMS = 8;

/** The fleet on a television: one screen, large, nothing to touch. `?groups=a,b` shows these by turns, `?rotate=30` for so many seconds. */
export function WallPage() {
  const formats = useFormats();
  const { t, number } = formats;
  const records = useServers();
  const group = useTurn();
  const names = groupNames(useResource(usePublicSite().groups).data ?? []);
  const connection = useConnection();
  useTitle(t("nav.wall"));
  useWakeLock();
  const shown = records.filter((record) => inGroup(record, group, names));
  const sums = sumFleet(shown);
  const { text, worst } = headline(formats, sums);
  const problems = worstFirst(shown);
  const dim = connection === "stale" || connection === "reconnecting";
  return (
    <main
      id="main"
      className="fixed inset-0 flex flex-col gap-[2vmin] overflow-hidden bg-canvas p-[2.5vmin] text-[clamp(0.75rem,1.7vmin,2.25rem)]"
    >
      <header className="flex items-start gap-[1em]">
        <h1 className="flex min-w-0 flex-1 items-center gap-[0.4em] text-[clamp(1.375rem,4.4vmin,5rem)] leading-tight tracking-tight">
          {shown.length === 0 ? null : <StateIcon state={worst} className="size-[0.9em]!" />}
          {shown.length === 0 ? t("list.none") : text}
        </h1>
        <Clock />
      </header>
      <div className={`flex min-h-0 flex-1 gap-[2vmin] max-sm:flex-col ${dim ? "opacity-50" : ""}`}>
        {shown.length === 0 ? null : <WallTiles ids={shown.map(({ id }) => id)} />}
        {problems.length === 0 ? null : <Problems records={problems} />}
      </div>
      <footer className="flex items-center gap-x-[1.5em] overflow-hidden whitespace-nowrap text-ink-2 tabular-nums">
        {group === "" ? null : <b className="text-ink">{group}</b>}
        <span>
          {t("figure.receiving")} <b className="text-ink">{number.rate(sums.receiving)}</b>
        </span>
        <span>
          {t("figure.sending")} <b className="text-ink">{number.rate(sums.sending)}</b>
        </span>
        <Services />
      </footer>
    </main>
  );
}

/** The group whose turn it is, "" for all. */
function useTurn(): string {
  const [search] = useSearchState();
  const groups = (search["groups"] ?? "").split(",").filter((name) => name !== "");
  const seconds = Math.max(SHORTEST_S, Number(search["rotate"]) || ROTATE_S);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((before) => before + 1), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return groups[turn % Math.max(1, groups.length)] ?? "";
}

/** The screen does not sleep while the wall is seen, where browsers can promise that. */
function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const ask = async () => {
      if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
      lock = await navigator.wakeLock.request("screen").catch(() => undefined);
      if (over) await lock?.release();
    };
    const again = () => void ask();
    again();
    document.addEventListener("visibilitychange", again);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", again);
      void lock?.release();
    };
  }, []);
}

function Clock() {
  const { t, time } = useFormats();
  const { frameNow } = useLiveStatus();
  const { live } = useApp();
  const connection = useConnection();
  const lost = connection === "stale" || connection === "reconnecting";
  const text = lost
    ? t("live.stale", { time: time.moment(frameNow, Date.now()), age: time.duration(Date.now() - live.store.status().frameAt) })
    : undefined;
  return (
    <div className="flex items-center gap-[0.8em]">
      <p className="text-end" role="status">
        {lost ? (
          <span className="inline-flex items-center gap-[0.4em]">
            <StateIcon state="warn" className="size-[1em]!" />
            {text}
          </span>
        ) : (
          <span className="text-[clamp(1.375rem,4.4vmin,5rem)] leading-tight tabular-nums">
            {frameNow === 0 ? t("live.connecting") : time.clock(frameNow)}
          </span>
        )}
      </p>
      <span className="flex gap-2 text-ink-3">
        <button type="button" className="p-1" aria-label={t("wall.full")} title={t("wall.full")} onClick={toggleFullScreen}>
          <Maximize className="size-4" aria-hidden="true" />
        </button>
        <Link to="/" className="p-1 text-ink-3" aria-label={t("wall.leave")} title={t("wall.leave")}>
          <X className="size-4" aria-hidden="true" />
        </Link>
      </span>
    </div>
  );
}

function toggleFullScreen(): void {
  if (document.fullscreenElement === null) void document.documentElement.requestFullscreen().catch(() => undefined);
  else void document.exitFullscreen();
}

/** What is wrong, worst first; as many as one sees from afar. */
function Problems({ records }: { readonly records: readonly LiveRecord[] }) {
  const { t, number } = useFormats();
  const more = records.length - MOST_PROBLEMS;
  return (
    <section aria-label={t("list.problems")} className="grid w-[30%] min-w-60 content-start gap-[0.5em] overflow-hidden max-sm:w-full">
      {records.slice(0, MOST_PROBLEMS).map((record) => (
        <div key={record.id} className="flex items-start gap-[0.6em] rounded-card border border-line bg-surface px-[0.8em] py-[0.5em]">
          <StateIcon state={healthOf(record)} className="mt-[0.2em] size-[1.1em]!" />
          <div className="min-w-0">
            <p className="truncate text-[1.15em] font-medium">{record.name}</p>
            <p className="truncate text-ink-2">
              <ProblemReason record={record} />
            </p>
          </div>
        </div>
      ))}
      {more > 0 ? <p className="text-ink-2">+{number.count(more)}</p> : null}
    </section>
  );
}

function Services() {
  const { t } = useFormats();
  const services = serviceList(useResource(usePublicSite().services).data);
  return services.map((service) => (
    <span key={service.id} className="inline-flex items-center gap-[0.4em]">
      <StateIcon state={service.state} label={t(`service.${service.state}`)} className="size-[1em]!" />
      {service.name}
    </span>
  ));
}
