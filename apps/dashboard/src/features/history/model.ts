import type { LentBytes } from "#platform/http";
import type { Around } from "./around.ts";
import type { MetricStat, ServerMetric } from "./metrics.ts";
import type { Period, ProbePeriod } from "./periods.ts";
import type { ProbeSeries, ProbeSpread, ServerServiceHistory, ServiceServerHistory, ServiceServerSummary } from "./probe-model.ts";
import type { HistoryStats } from "./stats.ts";

/** Points of some metrics of a server, one for each 30 seconds in which it reported. */
export interface ServerSeries {
  /** Unix milliseconds, ascending. */
  readonly starts: Float64Array;
  /** In the order that was asked for; NaN where a metric has no value. */
  readonly columns: readonly Float64Array[];
}

/** The last hour of a metric of many servers, in 30 equal points. */
export interface Sparklines {
  /** Start of the first point, Unix milliseconds. */
  readonly from: number;
  /** Of each server with points: JSON text of their list, `null` in it where nothing was reported. */
  readonly texts: ReadonlyMap<number, string>;
}

/** Reports of a span that is not as it was measured: they came late, may still come, or will not come any more. */
export type CoverageState = "late" | "expected" | "lost";

/** Unix milliseconds, `to` outside. */
export interface CoverageSpan {
  readonly from: number;
  readonly to: number;
  readonly state: CoverageState;
}

/** How complete a history is between two moments, in half minutes. What is in none of the spans is complete. */
export interface Coverage {
  readonly from: number;
  readonly to: number;
  readonly spans: readonly CoverageSpan[];
}

/** Stored samples of servers and services. Everything answers empty and stores nothing while `enabled` is false. */
export interface History {
  readonly enabled: boolean;
  /** One accepted state report: the values in the order of {@link SERVER_METRICS}. They are copied; never waits. */
  recordServer(serverId: number, at: number, values: Float64Array): void;
  /** One point of a service as seen from one server (spec 30 section 1.6 A); a failed one has no delay. Never waits. */
  recordProbe(serviceId: number, serverId: number, at: number, delayMs: number, up: boolean, spread?: ProbeSpread): void;
  /**
   * Takes over older results that were kept elsewhere: service, server, Unix milliseconds, delay (NaN where there is none), successes and
   * failures, in turns, one for each 30 seconds of a pair. What is there already stays, so that it may be tried again. Resolves with the
   * number taken when they are on disk.
   */
  importProbes(points: Float64Array): Promise<number>;
  /**
   * Takes what an agent measured while it could not reach us: Unix milliseconds, then the values of `recordServer`, in turns. What is there
   * already stays. Resolves with the number taken when they are on disk.
   */
  recordLate(serverId: number, states: Float64Array): Promise<number>;
  /**
   * JSON of the list `data_points` of spec 11 section 5 between two texts, as UTF-8. Not to be changed: others may have asked for the same.
   */
  serverMetricPoints(
    serverId: number,
    metric: ServerMetric,
    period: Period,
    now: number,
    options?: { readonly stat?: MetricStat | undefined; readonly around?: Around },
  ): Promise<LentBytes>;
  /** How complete a server's history is from a moment on. @param expectedFrom from when on states may still come late, Unix milliseconds */
  coverage(serverId: number, from: number, now: number, expectedFrom: number): Promise<Coverage>;
  /** What is stored of some metrics between two moments, both inside; at most a few days at once. */
  serverSeries(serverId: number, metrics: readonly ServerMetric[], from: number, to: number): Promise<ServerSeries>;
  /** The last hour of the servers up to now: the sum of the metrics, each point their mean. */
  sparklines(serverIds: readonly number[], metrics: readonly ServerMetric[], now: number): Promise<Sparklines>;
  /**
   * What the servers have seen of a service, in their order, those without data left out. In pages of about a megabyte, since a large
   * fleet's answer is larger than memory should be: whoever reads slowly holds one page. Iterating rejects when the worker cannot answer
   * in time or too many long answers are being read. In detail the points say loss, jitter and p95, and none has a delay of 0 that is none.
   */
  serviceHistory(
    serviceId: number,
    serverIds: readonly number[],
    period: ProbePeriod,
    now: number,
    detail?: boolean,
  ): AsyncIterable<ServiceServerHistory[]>;
  /** What a server has seen of the services, in the same way. */
  serverServices(serverId: number, serviceIds: readonly number[], period: Period, now: number): AsyncIterable<ServerServiceHistory[]>;
  /** What is stored of a service as some servers saw it, between two moments, both inside; at most a few days at once. */
  probeSeries(serviceId: number, serverIds: readonly number[], from: number, to: number): Promise<ProbeSeries>;
  /** The last 24 hours of a service in short; servers without data are left out. */
  serviceSummaries(serviceId: number, serverIds: readonly number[], now: number): Promise<ServiceServerSummary[]>;
  /**
   * When a server last reported, Unix milliseconds, also before the last restart (then to 30 seconds). Undefined for one that never did,
   * and in the first moments after a start. Costs nothing.
   */
  lastSeen(serverId: number): number | undefined;
  /** Forgets everything about servers, also what they saw of services. Resolves when that is on disk, and rejects while it cannot be. */
  dropServers(serverIds: readonly number[]): Promise<void>;
  /** Forgets everything about services, likewise. */
  dropServices(serviceIds: readonly number[]): Promise<void>;
  /**
   * Has been deleted, here or by another dashboard of the installation: nothing more is taken of it, and what is not stored yet is let
   * go of. What is stored goes by `dropServers` and `dropServices`, which one of them is asked for.
   */
  letGo(kind: "server" | "service", id: number): void;
  stats(): Promise<HistoryStats>;
  /** Resolves when everything recorded so far is on disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
