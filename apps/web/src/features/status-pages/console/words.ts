import type { IncidentImpact, IncidentStatus, PageIncident, PartState, StatusPage } from "@windfire/api";
import type { StateShape } from "#ui/state-icon.tsx";

export const STATUSES = ["investigating", "identified", "monitoring", "resolved"] as const satisfies readonly IncidentStatus[];
export const IMPACTS = ["none", "minor", "major", "critical"] as const satisfies readonly IncidentImpact[];
export const PART_STATES = ["operational", "degraded", "partial", "down", "maintenance"] as const satisfies readonly PartState[];
export const VISIBILITIES = ["public", "password", "link", "session"] as const satisfies readonly StatusPage["visibility"][];

const SHAPES: Readonly<Record<StatusPage["indicator"], StateShape>> = {
  none: "up",
  minor: "warn",
  major: "critical",
  critical: "critical",
  maintenance: "maintenance",
};

export const indicatorShape = (indicator: StatusPage["indicator"]): StateShape => SHAPES[indicator];

/** An incident that is over is well, whatever it was. */
export function incidentShape({ status, impact }: Pick<PageIncident, "status" | "impact">): StateShape {
  return status === "resolved" ? "up" : SHAPES[impact];
}
