export { createForgetting } from "./forgetting.ts";
export type { Forgetting } from "./forgetting.ts";
export { PROBE_PERIODS, SERVER_METRICS } from "./model.ts";
export type {
  Coverage,
  DelaySpread,
  History,
  HistoryStats,
  Period,
  ProbePeriod,
  ProbeSeries,
  ProbeSpread,
  ServerMetric,
  ServerSeries,
  ServerServiceHistory,
  ServiceServerHistory,
  ServiceServerSummary,
} from "./model.ts";
export { spreadOf } from "./probe-sums.ts";
export { createProbeSeries } from "./probe-series.ts";
export { createHistory } from "./room.ts";
export type { HistoryOptions } from "./room.ts";
export { historyRoutes, periodFor, servicePeriodFor } from "./routes.ts";
export type { HistoryLog } from "./worker-link.ts";
