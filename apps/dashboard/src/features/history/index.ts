export { createForgetting } from "./forgetting.ts";
export type { Forgetting } from "./forgetting.ts";
export { SERVER_METRICS } from "./metrics.ts";
export { PROBE_PERIODS } from "./periods.ts";
export type { ServerMetric } from "./metrics.ts";
export type { Coverage, History, ServerSeries } from "./model.ts";
export type { Period, ProbePeriod } from "./periods.ts";
export type {
  DelaySpread,
  ProbeSeries,
  ProbeSpread,
  ServerServiceHistory,
  ServiceServerHistory,
  ServiceServerSummary,
} from "./probe-model.ts";
export type { HistoryStats } from "./stats.ts";
export { moveHistory } from "./moving/move-history.ts";
export type { MovedFamily, MovedHistory } from "./moving/move-history.ts";
export { spreadOf } from "./probe-sums.ts";
export { createProbeSeries } from "./probe-series.ts";
export { createHistory } from "./room.ts";
export type { HistoryOptions } from "./room.ts";
export { historyRoutes, periodFor, servicePeriodFor } from "./routes.ts";
export type { HistoryLog } from "./worker-link.ts";
