import type { Period, ServerServiceHistory } from "@windfire/api";
import { useEffect, useMemo, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useSearchState } from "#shell/navigation.ts";
import { Card } from "#ui/card.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Skeleton } from "#ui/skeleton.tsx";
import { Sparkline } from "#ui/sparkline.tsx";
import { browserTimers } from "#wire/browser.ts";
import { answeredProbes, summarise, toGrid, usualStep } from "../shared/grid.ts";
import type { Summary } from "../shared/grid.ts";
import { HistoryFailure } from "./history-failure.tsx";
import { RangeBar, useRange } from "./range-bar.tsx";
import { firstOf, fitted, periodOf, readZoom, stepOf, windowOf, writeZoom } from "./ranges.ts";
import { readAgain } from "./read-again.ts";
import { TimeChart } from "./time-chart.tsx";

const RANGES = ["1h", "24h", "7d", "30d"] as const;
const COLOURS = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8"] as const;
const REFRESH_MS = 30_000;
/** Probes drawn when none is chosen. */
const FIRST_LINES = 4;
const HEIGHT = 260;

interface Probe {
  readonly id: number;
  readonly name: string;
  readonly colour: string;
  readonly points: readonly { at: number; value: number }[];
  /** Missing when the latest probe failed. */
  readonly latest: number | undefined;
  readonly summary: Summary | undefined;
}

/** How long answers take, from this server to each service it probes. */
export function LatencyTab({ id }: { readonly id: number }) {
  const { t, number } = useFormats();
  const { store } = useApp().live;
  const range = useRange(RANGES);
  const [search, change] = useSearchState();
  const period = periodOf(range) ?? "1d";
  const { probes, loading, error, shownPeriod } = useProbes(id, period);
  const wanted = search["probe"] ?? "";
  const chosen = wanted.split(",").filter((part) => part !== "");
  const drawn = useMemo(() => drawnProbes(probes, wanted), [probes, wanted]);
  const grid = useMemo(() => latencyGrid(drawn, period), [drawn, period]);
  const zoom = readZoom(search["zoom"]);
  const window = zoom ?? fitted(windowOf(range, store.serverNow()), firstOf(drawn.map(({ points }) => points)));
  const onZoom = (next: typeof zoom) => change({ zoom: writeZoom(next) });
  const toggle = (probe: number, add: boolean) => {
    const own = String(probe);
    const next = add
      ? chosen.includes(own)
        ? chosen.filter((other) => other !== own)
        : [...chosen, own]
      : chosen.length === 1 && chosen[0] === own
        ? []
        : [own];
    change({ probe: next.join(",") });
  };
  return (
    <>
      <RangeBar range={range} ranges={RANGES} zoom={zoom} shown={window} onReset={() => onZoom(undefined)} />
      <HistoryFailure error={error} />
      {probes.length === 0 ? (
        loading ? (
          <Skeleton className="h-72 rounded-card!" />
        ) : error === undefined ? (
          <EmptyState title={t("latency.none")}>{t("latency.noneHelp")}</EmptyState>
        ) : null
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <TimeChart
            title={drawn.length === 1 ? (drawn[0]?.name ?? "") : t("latency.title")}
            grid={grid}
            series={drawn.map((probe) => ({ label: probe.name, colour: probe.colour }))}
            text={(value, axis) => (axis ? `${number.decimal(value, 1)} ms` : number.milliseconds(value))}
            height={HEIGHT}
            window={window}
            stale={shownPeriod !== period}
            onZoom={onZoom}
          />
          <ProbeTable probes={probes} drawn={drawn} onToggle={toggle} />
        </div>
      )}
    </>
  );
}

/** The chosen ones, or the first few. */
function drawnProbes(probes: readonly Probe[], wanted: string): readonly Probe[] {
  const ids = new Set(wanted.split(","));
  const picked = probes.filter((probe) => ids.has(String(probe.id)));
  return picked.length > 0 ? picked : probes.slice(0, FIRST_LINES);
}

function latencyGrid(drawn: readonly Probe[], period: Period) {
  const steps = drawn.map((probe) => usualStep(probe.points, stepOf(period)));
  return toGrid(
    drawn.map((probe) => probe.points),
    Math.max(stepOf(period), ...steps),
  );
}

function ProbeTable(props: {
  readonly probes: readonly Probe[];
  readonly drawn: readonly Probe[];
  readonly onToggle: (id: number, add: boolean) => void;
}) {
  const { t, number } = useFormats();
  const ms = (value: number | undefined) => (value === undefined ? "–" : number.milliseconds(value));
  return (
    <Card scrolls label={t("latency.probes")}>
      <table className="wf-table">
        <thead>
          <tr>
            <th scope="col">{t("latency.probe")}</th>
            <th scope="col" className="wide">
              {t("latency.course")}
            </th>
            {["latest", "median", "p95", "most"].map((key) => (
              <th key={key} scope="col" className={`end ${key === "most" ? "wide" : ""}`}>
                {t(`latency.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.probes.map((probe) => (
            <tr key={probe.id} aria-selected={props.drawn.includes(probe) && props.drawn.length < props.probes.length}>
              <td>
                <button
                  type="button"
                  aria-pressed={props.drawn.includes(probe)}
                  title={t("latency.pick")}
                  className="inline-flex max-w-72 items-center gap-2 truncate font-medium hover:underline max-sm:max-w-36"
                  onClick={(event) => props.onToggle(probe.id, event.ctrlKey || event.metaKey || event.shiftKey)}
                >
                  <i className="h-[3px] w-4 flex-none rounded-full" style={{ background: `var(${probe.colour})` }} />
                  {probe.name}
                </button>
              </td>
              <td className="wide">
                <Sparkline values={probe.points.map((point) => point.value)} className="h-5 w-30" />
              </td>
              <td className="end">{ms(probe.latest)}</td>
              <td className="end">{ms(probe.summary?.median)}</td>
              <td className="end">{ms(probe.summary?.p95)}</td>
              <td className="end wide">{ms(probe.summary?.most)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

interface Probes {
  readonly probes: readonly Probe[];
  readonly shownPeriod: Period | undefined;
  readonly loading: boolean;
  readonly error: Error | undefined;
}

function useProbes(id: number, period: Period): Probes {
  const { api } = useApp();
  const [state, setState] = useState<Probes>({ probes: [], shownPeriod: undefined, loading: true, error: undefined });
  useEffect(() => {
    return readAgain({
      timers: browserTimers,
      everyMs: REFRESH_MS,
      async read(signal) {
        const answer = await api.get<ServerServiceHistory[] | null>(`/server/${id}/service`, { query: { period }, signal });
        setState({ probes: (answer ?? []).map(probeOf), shownPeriod: period, loading: false, error: undefined });
      },
      failed: (error) => setState((before) => ({ ...before, loading: false, error })),
    });
  }, [api, id, period]);
  return state;
}

function probeOf(history: ServerServiceHistory, index: number): Probe {
  const { points, latest } = answeredProbes(history.created_at, history.avg_delay);
  return {
    id: history.monitor_id,
    name: history.monitor_name,
    colour: COLOURS[index % COLOURS.length] ?? "--c1",
    points,
    latest,
    summary: summarise(points.map(({ value }) => value)),
  };
}
