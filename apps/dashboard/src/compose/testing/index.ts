export { openDashboardBench } from "./bench.ts";
export type { CallAnswer, Headers, DashboardBench } from "./bench.ts";
