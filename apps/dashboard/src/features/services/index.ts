export { createCalendar } from "./calendar.ts";
export type { ServiceCascades } from "./cascades.ts";
export type { ServiceCoverage } from "./coverage.ts";
export type { Service } from "./model.ts";
export { createServices } from "./room.ts";
export type { Services, ServicesDeps } from "./room.ts";
export { shownState } from "./shown-state.ts";
export type { ServiceStatistics } from "./statistics.ts";
export { serviceStore } from "./store.ts";
