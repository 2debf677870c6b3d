export type { AlertCascades } from "./cascades.ts";
export type { AlertCoverage } from "./coverage.ts";
export type { AlertCondition, AlertRule } from "./model.ts";
export { createAlerts } from "./room.ts";
export type { Alerts, AlertsDeps } from "./room.ts";
