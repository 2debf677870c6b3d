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

/** A plan that begins again and again. */
export type RepeatedPlan = Exclude<MaintenancePlan, { kind: "once" }>;

export interface SilenceDeps {
  readonly now: () => number;
  readonly snoozes: { list(): readonly Snooze[] };
  readonly windows: { list(): readonly MaintenanceWindow[] };
  /** The servers of a server group. */
  readonly serversOf: (groupId: number) => readonly number[];
  /** Whose silences are everybody's. */
  readonly ownsEverything: (userId: number) => boolean;
  /** When a plan begins first after a moment; `undefined`: never. */
  readonly nextOf: (plan: RepeatedPlan, after: number) => number | undefined;
}

/** Why nobody is told of an incident now, `undefined` when they are. */
export function createSilences({ now, snoozes, windows, serversOf, ownsEverything, nextOf }: SilenceDeps) {
  const speaksFor = (ownerId: number, incident: Incident): boolean => ownerId === incident.ownerId || ownsEverything(ownerId);
  const isDuring = createDuring(nextOf);
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

const MINUTE_MS = 60_000;

/**
 * Whether a moment lies in a plan: its beginning is in, its end is not. Every incident that is held asks every few seconds, and a schedule
 * takes long to say when it comes up: what was found holds until the plan begins or ends next.
 */
export function createDuring(nextOf: SilenceDeps["nextOf"]): (plan: MaintenancePlan, now: number) => boolean {
  const found = new WeakMap<RepeatedPlan, { readonly from: number; readonly to: number; readonly isDuring: boolean }>();
  const look = (plan: RepeatedPlan, now: number) => {
    const lastsMs = plan.minutes * MINUTE_MS;
    const begin = nextOf(plan, now - lastsMs);
    const isDuring = begin !== undefined && begin <= now;
    return { from: now, to: begin === undefined ? now : isDuring ? begin + lastsMs : begin, isDuring };
  };
  return (plan, now) => {
    if (plan.kind === "once") return Date.parse(plan.from) <= now && now < Date.parse(plan.to);
    const known = found.get(plan);
    if (known !== undefined && known.from <= now && now < known.to) return known.isDuring;
    const looked = look(plan, now);
    found.set(plan, looked);
    return looked.isDuring;
  };
}

/** The beginnings of a plan as a schedule text. */
export function scheduleOf(plan: RepeatedPlan): string {
  if (plan.kind === "cron") return plan.schedule;
  const [hours = "0", minutes = "0"] = plan.at.split(":");
  const zone = plan.zone === undefined || plan.zone === "" ? "" : `CRON_TZ=${plan.zone} `;
  return `${zone}0 ${Number(minutes)} ${Number(hours)} * * ${[...new Set(plan.days)].toSorted((a, b) => a - b).join()}`;
}
