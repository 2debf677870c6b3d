import type { MaintenancePlan } from "@windfire/api";
import type { Incident } from "./model.ts";

/** Until when nobody is told of something. Times in Unix milliseconds. */
export interface Snooze {
  readonly id: number;
  readonly ownerId: number;
  readonly scope: "rule" | "service" | "server" | "group" | "all";
  readonly scopeId: number;
  readonly until: number;
  readonly note: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** Planned work: while it is open, availability leaves out what it names, and nobody is told of that if so asked. Times in Unix milliseconds. */
export interface MaintenanceWindow {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  readonly enable: boolean;
  readonly plan: MaintenancePlan;
  readonly serverIds: readonly number[];
  readonly groupIds: readonly number[];
  readonly serviceIds: readonly number[];
  readonly silence: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SilenceDeps {
  readonly now: () => number;
  readonly snoozes: { list(): readonly Snooze[] };
  readonly windows: { list(): readonly MaintenanceWindow[] };
  /** The servers of a server group. */
  readonly serversOf: (groupId: number) => readonly number[];
  /** Whose silences are everybody's. */
  readonly ownsEverything: (userId: number) => boolean;
  /** Whether a moment lies in a plan. */
  readonly isDuring: (plan: MaintenancePlan, at: number) => boolean;
}

/** Why nobody is told of an incident now, `undefined` when they are. */
export function createSilences({ now, snoozes, windows, serversOf, ownsEverything, isDuring }: SilenceDeps) {
  const speaksFor = (ownerId: number, incident: Incident): boolean => ownerId === incident.ownerId || ownsEverything(ownerId);
  const isOpen = ({ enable, plan }: Pick<MaintenanceWindow, "enable" | "plan">): boolean => enable && isDuring(plan, now());
  const isSnoozed = ({ scope, scopeId }: Snooze, { source, sourceId, serverId }: Incident): boolean => {
    if (scope === "all") return true;
    if (scope === "rule") return source === "alert" && sourceId === scopeId;
    if (scope === "service") return source === "service" && sourceId === scopeId;
    return serverId !== 0 && (scope === "server" ? serverId === scopeId : serversOf(scopeId).includes(serverId));
  };
  const isCovered = ({ serverIds, groupIds, serviceIds }: MaintenanceWindow, { source, sourceId, serverId }: Incident): boolean =>
    source === "service"
      ? serviceIds.includes(sourceId)
      : serverIds.includes(serverId) || groupIds.some((id) => serversOf(id).includes(serverId));
  return {
    isOpen,
    holdOf(incident: Incident): string | undefined {
      const snoozed = snoozes.list().some((one) => one.until > now() && speaksFor(one.ownerId, incident) && isSnoozed(one, incident));
      if (snoozed) return "snoozed";
      const window = windows
        .list()
        .find((one) => one.silence && speaksFor(one.ownerId, incident) && isCovered(one, incident) && isOpen(one));
      return window && `maintenance: ${window.name}`;
    },
  };
}
