/** Metrics of a server's history in the order in which their values are recorded (spec 11 section 5). */
export const SERVER_METRICS = [
  "cpu",
  "memory",
  "swap",
  "disk",
  "net_in_speed",
  "net_out_speed",
  "net_in_transfer",
  "net_out_transfer",
  "load1",
  "load5",
  "load15",
  "tcp_conn",
  "udp_conn",
  "process_count",
  "temperature",
  "uptime",
  "gpu",
] as const;
export type ServerMetric = (typeof SERVER_METRICS)[number];

/** How far back a history goes (spec 11 section 4.7). */
export type Period = "1d" | "7d" | "30d";
/** What a point says of the half minutes in it. */
export type MetricStat = "avg" | "max";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Length of the window and of one point, milliseconds. The window ends now; points begin at multiples of their length since the epoch. */
export const PERIODS: Readonly<Record<Period, { readonly window: number; readonly bucket: number }>> = {
  "1d": { window: DAY, bucket: 30 * SECOND },
  "7d": { window: 7 * DAY, bucket: 30 * MINUTE },
  "30d": { window: 30 * DAY, bucket: 2 * HOUR },
};

/** What services are kept for besides, as roll-ups: only the detail tells of it. */
export type ProbePeriod = Period | "90d" | "1y" | "10y";

/** The same as {@link PERIODS}. Roll-ups of 5 minutes are kept for 400 days, those of an hour for ten years. */
export const PROBE_PERIODS: Readonly<Record<ProbePeriod, { readonly window: number; readonly bucket: number }>> = {
  ...PERIODS,
  "90d": { window: 90 * DAY, bucket: 6 * HOUR },
  "1y": { window: 365 * DAY, bucket: DAY },
  "10y": { window: 3650 * DAY, bucket: 10 * DAY },
};

/** How the results of one point, or of a stretch, differ. */
export interface ProbeSpread {
  /** Share of the results that failed, 0 to 1. */
  readonly loss: number;
  /** Mean distance of a delay from the one before, milliseconds; undefined without two. */
  readonly jitter: number | undefined;
}

/** What is known of the delays of a stretch; milliseconds. Undefined where no result succeeded. */
export interface DelaySpread extends ProbeSpread {
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

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

/** What several servers together have seen of a service, one point for each 30 seconds in which one of them had a result. */
export interface ProbeSeries {
  /** Unix milliseconds, ascending. */
  readonly starts: Float64Array;
  /** Mean of the successful results, milliseconds; NaN where none was. */
  readonly delays: Float64Array;
  /** Share of the results that failed, 0 to 1. */
  readonly losses: Float64Array;
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

/** What one server has seen of a service in a period (spec 11 section 4.7). */
export interface ServiceServerHistory {
  readonly serverId: number;
  /** Mean of the successful results, milliseconds; 0 without any. */
  readonly avgDelay: number;
  /** up / (up + down) in percent as a 32-bit float, 0 without samples. */
  readonly upPercent: number;
  readonly totalUp: number;
  readonly totalDown: number;
  /** JSON text of the list `[{"ts":…,"delay":…,"status":…}]`; `[]` when there is none. In detail, of spec 11's list in our form. */
  readonly dataPoints: string;
  readonly spread: DelaySpread;
}

/** What one server has seen of one of its services (spec 11 section 4.8); both lists have the same length. */
export interface ServerServiceHistory {
  readonly serviceId: number;
  /** Starts of the points, Unix milliseconds, ascending: JSON text of a list. */
  readonly createdAt: string;
  /** Mean delays, milliseconds: JSON text of a list. */
  readonly avgDelay: string;
}

/** What one server has seen of a service in a day, without the points. */
export interface ServiceServerSummary {
  readonly serverId: number;
  readonly totalUp: number;
  readonly totalDown: number;
  /** Mean of the successful results, milliseconds; 0 without any. */
  readonly avgDelay: number;
  readonly spread: DelaySpread;
  /** Newest point: its start in Unix milliseconds, and its delay unless all of it failed. */
  readonly last: { readonly at: number; readonly delay: number | undefined; readonly up: boolean };
}

/** What the history holds and whether it is writing. */
export interface HistoryStats {
  readonly enabled: boolean;
  /** `writing`, or why nothing is stored at present. */
  readonly state: "writing" | "disabled" | "low-disk" | "write-failed" | "worker-failed" | "closed";
  /** Text of the failure that stopped writing; empty otherwise. */
  readonly reason: string;
  /** Since when the disk lets nothing be written, Unix milliseconds. */
  readonly pausedAt: number | undefined;
  readonly series: number;
  /** 30-second points, one per series, roll-ups not counted. */
  readonly points: number;
  /** Bytes on disk by kind of file. */
  readonly bytes: {
    readonly logs: number;
    readonly chunks: number;
    readonly raw: number;
    readonly halfHours: number;
    readonly fiveMinutes: number;
    readonly hours: number;
  };
  readonly totalBytes: number;
  readonly budgetBytes: number;
  readonly freeBytes: number;
  /** Start of the oldest stored day, Unix milliseconds; undefined while nothing is stored. */
  readonly oldest: number | undefined;
  /** Samples that were not stored, by reason. */
  readonly dropped: {
    /** The buffer in front of the worker was full. */
    readonly bufferFull: number;
    /** Writing was stopped. */
    readonly stopped: number;
    /** Their time lay before what is kept, or is no time. */
    readonly time: number;
    /** No value was a finite number. */
    readonly notFinite: number;
    /** An id was not a whole number in the range that keys can hold. */
    readonly id: number;
  };
  /** Parts of files that could not be read and were set aside. */
  readonly damaged: number;
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
  /** JSON text of the list `data_points` of spec 11 section 5. */
  serverMetricPoints(serverId: number, metric: ServerMetric, period: Period, now: number, stat?: MetricStat): Promise<string>;
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
  stats(): Promise<HistoryStats>;
  /** Resolves when everything recorded so far is on disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
