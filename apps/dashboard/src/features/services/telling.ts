import { oneLine } from "@windfire/kit";
import type { Triggers } from "#features/cron";
import type { Deliveries, Notice, Severity } from "#features/notifications";
import type { Changes, Queries } from "#platform/database";
import { plainWords } from "./agent-words.ts";
import { HEALTH, muteOf } from "./engine.ts";
import type { Health, ProbeEffect, ProbeState } from "./engine.ts";
import type { ProbeNotice } from "./notice.ts";
import type { HistoryRows } from "./history-rows.ts";
import { subjectOf, tellsServersApart } from "./model.ts";
import type { Service } from "./model.ts";
import type { KnownState, ProbeStates } from "./states.ts";
import { startTasks } from "./tasks.ts";
import type { Vantages } from "./vantages.ts";
import type { ProbeWindow } from "./window.ts";

const HEALTH_NAMES: Record<Health, string> = {
  [HEALTH.unset]: "No Data",
  [HEALTH.noData]: "No Data",
  [HEALTH.good]: "Good",
  [HEALTH.low]: "Low Availability",
  [HEALTH.down]: "Down",
};

/** The server that a result came from, and what it said. */
export interface Reporter {
  readonly id: number;
  readonly name: string;
  readonly data: string;
}

/** What was held of a service: what is said of the state that it is in. */
export interface HeldHealth {
  readonly text: string;
  readonly incident: ServiceIncident;
}

/** How a service is judged. */
export interface Judged {
  readonly state: ProbeState;
  readonly window: ProbeWindow;
  readonly vantages: Vantages;
}

/** A state that lasts is told again no more often than its mute lets through. */
const REPEAT_MS = 60_000;

export interface TellingDeps {
  readonly now: () => number;
  readonly rows: Pick<HistoryRows, "addSummary"> | undefined;
  readonly notify: (groupId: number, notice: Notice) => void;
  readonly unmute: (groupId: number, label: string) => void;
  readonly triggers: Pick<Triggers, "add">;
  readonly translate: (messageId: string, ...args: (string | number)[]) => string;
  readonly deliveries: Pick<Deliveries, "tell" | "tellState">;
  /** Books what a service is like as an incident, in the transaction that keeps it. */
  readonly bookHealth: (tx: Queries, changes: Changes, service: ServiceHealth) => Promise<BookedHealth>;
  readonly states: Pick<ProbeStates, "touch" | "change">;
}

/** The incident of a service, where there is one. */
export interface ServiceIncident {
  readonly id: number;
  /** Unix milliseconds. */
  readonly openedAt: number;
}

export interface BookedHealth {
  /** `false`: nobody is to be told of it for now. */
  readonly mayTell: boolean;
  readonly incident: ServiceIncident | undefined;
}

/** What a service is like, for whoever keeps its incidents. */
export interface ServiceHealth extends Pick<Service, "id" | "ownerId" | "name"> {
  /** `unknown`: nothing was measured; it neither fails nor is well. */
  readonly health: "good" | "failing" | "unknown";
  readonly severity: Severity;
  readonly text: string;
}

/** Carries out what follows from a result. */
export function createTelling(deps: TellingDeps) {
  /** When a lasting state was last handed over. */
  const repeated = new Map<number, number>();

  const noticeOf = (service: Service, { about: before = "", messageId, args, mute }: ProbeNotice): Notice => ({
    ownerId: service.ownerId,
    subject: subjectOf(service.id),
    text: `${before}${deps.translate(messageId, ...args)}`,
    ...(mute === undefined ? {} : { mute }),
    severity: "warning",
    facts: { subject: service.name },
  });
  const perform = (service: Service, effect: ProbeEffect): void => {
    switch (effect.kind) {
      case "summary":
        return deps.rows?.addSummary({ serviceId: service.id, ...effect });
      case "unmute":
        return deps.unmute(service.notificationGroupId, effect.label);
      case "notice":
        // What is said once is told with the state.
        if (effect.once !== true) deps.notify(service.notificationGroupId, noticeOf(service, effect));
        return undefined;
      case "health":
      case "tasks":
        return undefined;
    }
  };

  /** A change of the state, its tasks and its message are one transaction; what lasts is kept now and then. */
  const keep = (
    service: Service,
    { id: serverId, name: reporter, data }: Reporter,
    { state, window, vantages }: Judged,
    before: ProbeState,
    effects: readonly ProbeEffect[],
  ): void => {
    const known = (): KnownState => ({
      state,
      window: window.snapshot(),
      vantages: tellsServersApart(service.options) ? vantages.snapshot() : [],
    });
    const told = effects.find((effect) => effect.kind === "health");
    const changed = state.health !== before.health;
    const once = effects.flatMap((effect) => (effect.kind === "notice" && effect.once === true ? [noticeOf(service, effect)] : []));
    const isDue = changed || deps.now() - (repeated.get(service.id) ?? Number.NEGATIVE_INFINITY) >= REPEAT_MS;
    const isTold = changed || (told !== undefined && isDue);
    if (!isTold && once.length === 0) return deps.states.touch(service.id, known);
    if (isTold) repeated.set(service.id, deps.now());
    const lists = effects.flatMap((effect) => (effect.kind === "tasks" ? [effect.list] : []));
    const follow = async (tx: Queries, changes: Changes): Promise<void> => {
      await startTasks(deps.triggers, tx, changes, { serviceId: service.id, serverId, lists });
      for (const notice of once) await deps.deliveries.tell(tx, changes, service.notificationGroupId, notice);
      if (!isTold) return;
      const name = deps.translate(HEALTH_NAMES[state.health]);
      const text = deps.translate("[%s] %s Reporter: %s, Error: %s", name, oneLine(service.name), reporter, plainWords(data));
      const { id, ownerId, name: title } = service;
      const booked = { id, ownerId, name: title, health: bookedAs(state.health), severity: severityOf(state.health), text };
      const { mayTell, incident } = await deps.bookHealth(tx, changes, booked);
      if (told === undefined || !mayTell) return;
      const ends = told.health === HEALTH.good;
      const notice = { ...about(service, incident), text, mute: told.mute, severity: severityOf(told.health), ends };
      await deps.deliveries.tellState(tx, changes, service.notificationGroupId, subjectOf(service.id), notice);
    };
    return deps.states.change(service.id, known(), { follow, startsTasks: lists.length > 0 });
  };

  /** A state that was held is told as it is now; later ones like it are repetitions. */
  const tellHeld = async (
    tx: Queries,
    changes: Changes,
    service: Service,
    { health, epoch }: ProbeState,
    held: HeldHealth,
  ): Promise<void> => {
    if (!service.notify) return;
    const { text, incident } = held;
    const notice = { ...about(service, incident), text, mute: muteOf(service.id, health, epoch), severity: severityOf(health) };
    await deps.deliveries.tellState(tx, changes, service.notificationGroupId, subjectOf(service.id), notice);
  };

  return { perform, keep, tellHeld, forget: (serviceId: number): void => void repeated.delete(serviceId) };
}

/** As messages name the incident that they belong to. */
function about({ name, ownerId }: Service, incident: ServiceIncident | undefined): Pick<Notice, "ownerId" | "incident" | "facts"> {
  if (incident === undefined) return { ownerId, facts: { subject: name } };
  return { ownerId, incident: incident.id, facts: { subject: name, since: incident.openedAt, path: `/dashboard/incident/${incident.id}` } };
}

function bookedAs(health: Health): ServiceHealth["health"] {
  if (health === HEALTH.good) return "good";
  return health === HEALTH.low || health === HEALTH.down ? "failing" : "unknown";
}

function severityOf(health: Health): Severity {
  if (health === HEALTH.down) return "critical";
  return health === HEALTH.low ? "warning" : "info";
}
