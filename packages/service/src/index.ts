/** A program as a service of its host, by whatever keeps services there. */
export { detectServiceManager } from "./detect.ts";
export { performService, performSteps, thisHost } from "./perform.ts";
export type { Host, ServiceOutcome } from "./perform.ts";
export { DASHBOARD_LIMITS, DASHBOARD_SANDBOX, MONITORING_SANDBOX, openedSandbox } from "./sandbox.ts";
export { isServiceAction, serviceName } from "./service.ts";
export type { ServiceAction, ServiceManager, ServiceSpec, Step } from "./service.ts";
export { systemdUnit, widenSystemdUnit } from "./systemd.ts";
