export type { ReportedIncident, ReportedServer, ReportedService } from "./figures.ts";
export { createReports } from "./room.ts";
export type { ReportsDeps, ReportsRoom } from "./room.ts";
