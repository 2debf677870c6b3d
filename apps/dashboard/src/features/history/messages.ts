import type { StoreStats } from "@windfire/tsdb";
import type { VictoriaStats } from "./victoria/stats.ts";
import type { Around } from "./around.ts";
import type { CoverageQuestion } from "./coverage.ts";
import type { MetricStat, ServerMetric } from "./metrics.ts";
import type { Coverage, ServerSeries, Sparklines } from "./model.ts";
import type { Period, ProbePeriod } from "./periods.ts";
import type { ProbeSeries, ServerServiceHistory, ServiceServerHistory, ServiceServerSummary } from "./probe-model.ts";

/** What the worker is started with. */
export interface WorkerStart {
  readonly directory: string;
  readonly retentionDays: number;
  readonly sizeBudgetBytes: number;
  readonly minFreeDiskBytes: number;
  readonly now: number;
  readonly monotonic: number;
}

/** One metric of one server over a period. */
export interface MetricQuestion {
  readonly kind: "metric";
  readonly serverId: number;
  readonly metric: ServerMetric;
  readonly period: Period;
  readonly now: number;
  readonly stat?: MetricStat;
  readonly around: Around;
}

export type HistoryQuestion =
  | MetricQuestion
  | {
      readonly kind: "series";
      readonly serverId: number;
      readonly metrics: readonly ServerMetric[];
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: "sparklines"; readonly ids: readonly number[]; readonly metrics: readonly ServerMetric[]; readonly now: number }
  | (PageOf<"service", ProbePeriod> & { readonly serviceId: number; readonly detail: boolean })
  | (PageOf<"server"> & { readonly serverId: number })
  | {
      readonly kind: "probe-series";
      readonly serviceId: number;
      readonly ids: readonly number[];
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: "summaries"; readonly serviceId: number; readonly ids: readonly number[]; readonly now: number }
  | { readonly kind: "import"; readonly points: Float64Array }
  | { readonly kind: "late"; readonly serverId: number; readonly states: Float64Array }
  | ({ readonly kind: "coverage" } & CoverageQuestion)
  | { readonly kind: "last-seen" }
  | { readonly kind: "drop-servers"; readonly ids: readonly number[] }
  | { readonly kind: "drop-services"; readonly ids: readonly number[] }
  | { readonly kind: "let-go"; readonly what: "server" | "service"; readonly ids: readonly number[] }
  | { readonly kind: "stats" }
  | { readonly kind: "flush" }
  | { readonly kind: "close" };

/** A page of what is known of the pairs with `ids`, begun at the first of them. */
interface PageOf<K extends string, P = Period> {
  readonly kind: K;
  readonly ids: readonly number[];
  readonly period: P;
  readonly now: number;
}

/** As many items as fit; `taken` of the ids asked for are done with. */
export interface Page<T> {
  readonly items: T[];
  readonly taken: number;
}

/** What each question is answered with. */
export interface HistoryAnswers {
  readonly metric: Uint8Array<ArrayBuffer>;
  readonly series: ServerSeries;
  readonly sparklines: Sparklines;
  readonly service: Page<ServiceServerHistory>;
  readonly server: Page<ServerServiceHistory>;
  readonly "probe-series": ProbeSeries;
  readonly summaries: ServiceServerSummary[];
  /** Points that were not there yet. */
  readonly import: number;
  /** States whose slot was free. */
  readonly late: number;
  readonly coverage: Coverage;
  /** Server and Unix milliseconds of its newest point, in turns. */
  readonly "last-seen": Float64Array;
  readonly "drop-servers": undefined;
  readonly "drop-services": undefined;
  readonly "let-go": undefined;
  readonly stats: StoreStats | VictoriaStats;
  readonly flush: undefined;
  readonly close: undefined;
}

/** To the worker: the time with samples since the last beat, or a question. */
export type ToWorker =
  | { readonly type: "beat"; readonly now: number; readonly monotonic: number; readonly samples: Float64Array<ArrayBuffer> }
  | {
      readonly type: "ask";
      readonly id: number;
      readonly question: HistoryQuestion;
      /** Where a metric's answer goes, if it is large enough. */
      readonly memory?: ArrayBuffer | undefined;
    };

/** From the worker: a beat was taken, a question is answered or could not be, or something is to be said in the log. */
export type FromWorker =
  | { readonly type: "note"; readonly level: "error" | "info"; readonly text: string; readonly reason: string }
  | { readonly type: "taken" }
  | { readonly type: "answer"; readonly id: number; readonly answer: HistoryAnswers[keyof HistoryAnswers] }
  | { readonly type: "failure"; readonly id: number; readonly message: string };

/** Numbers of a point that is imported. */
export const IMPORT_LENGTH = 6;

/** Samples in a beat: a kind, then as many numbers as the kind has. */
export const SERVER_SAMPLE = 0;
export const PROBE_SAMPLE = 1;
