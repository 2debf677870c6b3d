export { openDashboardBench } from "./bench.ts";
export type { CallAnswer, Headers, DashboardBench } from "./bench.ts";
export { KINDS } from "./kinds.ts";
export type { Kind } from "./kinds.ts";
