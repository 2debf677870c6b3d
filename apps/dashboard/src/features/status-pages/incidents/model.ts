import type { IncidentImpact, IncidentStatus, PagePartRef, PartState } from "@windfire/api";
import type { InLanguages } from "../view/in-language.ts";

export type Affected = PagePartRef & { readonly state: PartState };

/** What was said of an incident. */
export interface PageUpdate {
  readonly id: number;
  readonly at: number;
  readonly status: IncidentStatus;
  /** Markdown. */
  readonly text: string;
  readonly texts: InLanguages;
}

/** What readers of a page are told of. Times in Unix milliseconds. */
export interface PageIncident {
  readonly id: number;
  readonly pageId: number;
  /** The incident of the engine that it began from; 0: none. */
  readonly engineId: number;
  readonly title: string;
  readonly titles: InLanguages;
  readonly impact: IncidentImpact;
  readonly affected: readonly Affected[];
  readonly status: IncidentStatus;
  readonly startedAt: number;
  /** 0: it lasts. */
  readonly resolvedAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Newest first. */
  readonly updates: readonly PageUpdate[];
}

/** From the best. */
export const PART_STATES: readonly PartState[] = ["operational", "maintenance", "degraded", "partial", "down"];

/** How bad an incident is that says how its parts are. */
export function impactOf(affected: readonly Pick<Affected, "state">[]): IncidentImpact {
  if (affected.some(({ state }) => state === "down")) return "critical";
  if (affected.some(({ state }) => state === "partial")) return "major";
  return affected.some(({ state }) => state === "degraded") ? "minor" : "none";
}
