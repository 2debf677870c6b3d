import type { IncidentSamples } from "@windfire/api";
import type { AvailabilityAnswers } from "#features/availability";
import type { History, ServerMetric } from "#features/history";
import type { LiveServer } from "#features/servers";
import { formatInstant } from "#kernel";
import type { Incident } from "./model.ts";

/** What a rule looks at, as the history has it. Bounds in the unit of the metric; 0: none. */
export interface WatchedFigure {
  readonly metric: ServerMetric;
  readonly min: number;
  readonly max: number;
  /** Bounds are percent of this. */
  readonly percentOf?: "memTotal" | "swapTotal" | "diskTotal";
}

export interface SampleDeps {
  readonly now: () => number;
  readonly servers: { get(id: number): LiveServer | undefined };
  readonly history: Pick<History, "serverSeries">;
  readonly availability: Pick<AvailabilityAnswers, "server">;
  /** Of a rule as it is now; none for one that is gone. */
  readonly figuresOf: (ruleId: number) => readonly WatchedFigure[];
}

const AROUND_MS = 15 * 60_000;
const LONGEST_MS = 24 * 3_600_000;
const STEP_SECONDS = 30;

/** What was measured around an incident. */
export function createSamples({ now, servers, history, availability, figuresOf }: SampleDeps) {
  return async ({ source, sourceId, serverId, openedAt, endedAt }: Incident): Promise<IncidentSamples> => {
    const from = openedAt - AROUND_MS;
    const to = Math.max(from, Math.min((endedAt || now()) + AROUND_MS, from + LONGEST_MS, now()));
    const whole = { from: formatInstant(from), to: formatInstant(to), step_seconds: STEP_SECONDS };
    const server = servers.get(serverId);
    if (source === "service" || !server) return { ...whole, series: [], offline: [] };
    const figures = figuresOf(sourceId);
    const metrics = [...new Set(figures.map(({ metric }) => metric))];
    const stored = metrics.length === 0 ? undefined : await history.serverSeries(serverId, metrics, from, to);
    const { offline } = await availability.server(serverId, { from, to });
    return {
      ...whole,
      series: stored ? figures.map((figure) => shown(figure, stored.starts, stored.columns[metrics.indexOf(figure.metric)], server)) : [],
      offline: offline.map((span) => ({ from: formatInstant(span.from), ...(span.to >= to ? {} : { to: formatInstant(span.to) }) })),
    };
  };
}

function shown(
  { metric, min, max, percentOf }: WatchedFigure,
  starts: Float64Array,
  values: Float64Array | undefined,
  { host }: LiveServer,
): IncidentSamples["series"][number] {
  const total = percentOf === undefined ? undefined : Number(host?.[percentOf] ?? 0);
  const factor = total === undefined || total === 0 ? 1 : 100 / total;
  // Bytes of a host whose total is not known say nothing about percent.
  const isBounded = total !== 0;
  const points = [...starts].flatMap((ts, index) => {
    const value = values?.[index] ?? Number.NaN;
    return Number.isNaN(value) ? [] : [{ ts, value: value * factor }];
  });
  return {
    metric,
    ...(isBounded && min > 0 ? { min } : {}),
    ...(isBounded && max > 0 ? { max } : {}),
    ...(total === undefined || total === 0 ? {} : { percent: true as const }),
    points,
  };
}
