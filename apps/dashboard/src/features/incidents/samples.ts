import type { IncidentSamples } from "@windfire/api";
import type { AvailabilityAnswers } from "#features/availability";
import type { History, ProbeSeries, ServerMetric } from "#features/history";
import type { LiveServer } from "#features/servers";
import type { Service } from "#features/services";
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
  readonly services: { get(id: number): Service | undefined };
  /** What its servers saw of a service. */
  readonly serviceSeries: (serviceId: number, from: number, to: number) => Promise<ProbeSeries>;
  /** Of a rule as it is now; none for one that is gone. */
  readonly figuresOf: (ruleId: number) => readonly WatchedFigure[];
}

const AROUND_MS = 15 * 60_000;
const LONGEST_MS = 24 * 3_600_000;
const STEP_SECONDS = 30;

/** What was measured around an incident. */
export function createSamples({ now, servers, services, serviceSeries, history, availability, figuresOf }: SampleDeps) {
  return async ({ source, sourceId, serverId, openedAt, endedAt }: Incident): Promise<IncidentSamples> => {
    const from = openedAt - AROUND_MS;
    const to = Math.max(from, Math.min((endedAt || now()) + AROUND_MS, from + LONGEST_MS, now()));
    const whole = { from: formatInstant(from), to: formatInstant(to), step_seconds: STEP_SECONDS };
    const service = source === "service" ? services.get(sourceId) : undefined;
    if (service) return { ...whole, series: probed(service, await serviceSeries(service.id, from, to)), offline: [] };
    const server = servers.get(serverId);
    if (!server) return { ...whole, series: [], offline: [] };
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

/** Delay against the bounds that people are told of, and how much was lost. */
function probed({ latencyNotify, minLatency, maxLatency }: Service, { starts, delays, losses }: ProbeSeries): IncidentSamples["series"] {
  const points = (values: Float64Array, factor: number) =>
    [...starts].flatMap((ts, index) => {
      const value = values[index] ?? Number.NaN;
      return Number.isNaN(value) ? [] : [{ ts, value: value * factor }];
    });
  const bounds = { ...(minLatency > 0 ? { min: minLatency } : {}), ...(maxLatency > 0 ? { max: maxLatency } : {}) };
  return [
    { metric: "service_delay", ...(latencyNotify ? bounds : {}), points: points(delays, 1) },
    { metric: "service_loss", percent: true, points: points(losses, 100) },
  ];
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
