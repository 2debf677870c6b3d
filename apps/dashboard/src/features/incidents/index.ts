export type { Ledger } from "./ledger.ts";
export { pairOf, readSeverity } from "./model.ts";
export type { Incident, NewIncident, Outcome } from "./model.ts";
export type { WatchedFigure } from "./samples.ts";
export { createIncidents } from "./room.ts";
export type { Incidents, IncidentsDeps } from "./room.ts";
export { incidentStore } from "./store.ts";
export type { OpenIncidents } from "./store.ts";
