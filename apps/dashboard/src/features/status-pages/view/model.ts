import type { IncidentImpact, PartState } from "@windfire/api";
import { availabilityOf } from "#features/availability";
import type { PlannedSpan } from "#features/incidents";
import type { PageIncident } from "../incidents/model.ts";
import { PART_STATES } from "../incidents/model.ts";
import type { StatusPage } from "../pages/model.ts";
import type { InLanguages } from "./in-language.ts";

/** How a part is; `unknown`: nothing is measured. */
export type ShownState = PartState | "unknown";

/** What a day looks like. */
export type DayLook = "ok" | "some" | "bad" | "planned" | "none";

/** A day of a part. */
export interface DayView {
  /** Number of days since 1970-01-01. */
  readonly day: number;
  /** Percent; undefined: nothing is known. */
  readonly percent: number | undefined;
  readonly look: DayLook;
}

/** What is measured of a day: good and bad milliseconds or results, and whether work was planned. */
export interface DayFigures {
  readonly day: number;
  readonly good: number;
  readonly bad: number;
  readonly planned: boolean;
}

export interface PartView {
  /** Names it to strangers; tells nothing of its row. */
  readonly key: string;
  readonly kind: "service" | "server";
  readonly name: string;
  readonly names: InLanguages;
  readonly state: ShownState;
  /** Oldest first, today last. */
  readonly days: readonly DayView[];
  /** Of all days; undefined: nothing is known. */
  readonly percent: number | undefined;
  /** Mean of today, milliseconds, where the page tells of it. */
  readonly latencyMs: number | undefined;
}

export interface GroupView {
  readonly key: string;
  readonly name: string;
  readonly names: InLanguages;
  readonly parts: readonly PartView[];
}

export interface MaintenanceView {
  readonly id: number;
  readonly title: string;
  readonly titles: InLanguages;
  readonly text: string;
  readonly texts: InLanguages;
  readonly run: PlannedSpan;
  readonly running: boolean;
  /** Keys of the parts that are worked on. */
  readonly parts: readonly string[];
  readonly repeats: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type IncidentView = Omit<PageIncident, "affected" | "pageId" | "engineId"> & {
  readonly affected: readonly { readonly key: string; readonly state: PartState }[];
};

export type Indicator = "none" | "minor" | "major" | "critical" | "maintenance";

/** All that a page shows, at a moment. */
export interface PageView {
  readonly page: StatusPage;
  readonly zone: string;
  readonly at: number;
  readonly groups: readonly GroupView[];
  /** That last; newest first. */
  readonly open: readonly IncidentView[];
  /** That are over, of the months shown; newest first. */
  readonly past: readonly IncidentView[];
  /** Running ones first, then those that come. */
  readonly maintenances: readonly MaintenanceView[];
  readonly indicator: Indicator;
}

/** Below these, percent, a day is a bad one, or one on which something was wrong. */
const BAD_DAY = 97;
const GOOD_DAY = 99.9;

export function dayView({ day, good, bad, planned }: DayFigures): DayView {
  const percent = availabilityOf(good, bad);
  if (percent === undefined) return { day, percent, look: planned ? "planned" : "none" };
  if (percent < BAD_DAY) return { day, percent, look: "bad" };
  if (percent < GOOD_DAY) return { day, percent, look: "some" };
  return { day, percent, look: planned ? "planned" : "ok" };
}

export function percentOfDays(days: readonly DayFigures[]): number | undefined {
  const sum = (of: (day: DayFigures) => number): number => days.reduce((total, day) => total + of(day), 0);
  return availabilityOf(
    sum(({ good }) => good),
    sum(({ bad }) => bad),
  );
}

/** The worse of two; nothing is better than unknown but what is known. */
export function worse(one: ShownState, other: ShownState): ShownState {
  const rank = (state: ShownState): number => (state === "unknown" ? -1 : PART_STATES.indexOf(state));
  return rank(one) >= rank(other) ? one : other;
}

/** How a page as a whole is drawn: nobody is told that all is well where nothing is known. */
export function shownIndicator({ indicator, groups }: Pick<PageView, "groups" | "indicator">): Indicator | "unknown" {
  const isKnown = groups.some(({ parts }) => parts.some(({ state }) => state !== "unknown"));
  return indicator === "none" && !isKnown ? "unknown" : indicator;
}

const OF_STATE: Readonly<Record<ShownState, Indicator>> = {
  operational: "none",
  unknown: "none",
  maintenance: "maintenance",
  degraded: "minor",
  partial: "major",
  down: "critical",
};
const OF_IMPACT: Readonly<Record<IncidentImpact, Indicator>> = { none: "none", minor: "minor", major: "major", critical: "critical" };
const WORST: readonly Indicator[] = ["none", "maintenance", "minor", "major", "critical"];

/** The worst of all; one part of several that is down makes it major, all of them critical. */
export function indicatorOf(parts: readonly Pick<PartView, "state">[], open: readonly Pick<PageIncident, "impact">[]): Indicator {
  const known = parts.filter(({ state }) => state !== "unknown");
  const isAllDown = known.length > 0 && known.every(({ state }) => state === "down");
  const found = [
    ...known.map(({ state }) => (state === "down" && !isAllDown ? "major" : OF_STATE[state])),
    ...open.map(({ impact }) => OF_IMPACT[impact]),
  ];
  return found.reduce<Indicator>((worst, one) => (WORST.indexOf(one) > WORST.indexOf(worst) ? one : worst), "none");
}
