import type { Deliveries, Notice, Severity } from "#features/notifications";
import { HEALTH } from "./engine.ts";
import type { Health, ProbeEffect, ProbeState } from "./engine.ts";
import type { HistoryRows } from "./history-rows.ts";
import { subjectOf } from "./model.ts";
import type { Service } from "./model.ts";
import type { KnownState, ProbeStates } from "./states.ts";
import type { ProbeWindow } from "./window.ts";

const HEALTH_NAMES: Record<Health, string> = {
  [HEALTH.unset]: "No Data",
  [HEALTH.noData]: "No Data",
  [HEALTH.good]: "Good",
  [HEALTH.low]: "Low Availability",
  [HEALTH.down]: "Down",
};

/** How a service is judged. */
export interface Judged {
  readonly state: ProbeState;
  readonly window: ProbeWindow;
}

/** A state that lasts is told again no more often than its mute lets through. */
const REPEAT_MS = 60_000;

export interface TellingDeps {
  readonly now: () => number;
  readonly rows: Pick<HistoryRows, "addSummary"> | undefined;
  readonly notify: (groupId: number, notice: Notice) => void;
  readonly unmute: (groupId: number, label: string) => void;
  readonly trigger: (cronIds: readonly number[], event: { readonly serverId: number; readonly ownerId: number }) => void;
  readonly translate: (messageId: string, ...args: (string | number)[]) => string;
  readonly deliveries: Pick<Deliveries, "tellState">;
  readonly states: Pick<ProbeStates, "touch" | "change">;
}

/** Carries out what follows from a result. */
export function createTelling(deps: TellingDeps) {
  /** When a lasting state was last handed over. */
  const repeated = new Map<number, number>();

  const perform = (service: Service, serverId: number, effect: ProbeEffect): void => {
    switch (effect.kind) {
      case "summary":
        return deps.rows?.addSummary({ serviceId: service.id, ...effect });
      case "unmute":
        return deps.unmute(service.notificationGroupId, effect.label);
      case "notice":
        return deps.notify(service.notificationGroupId, {
          subject: subjectOf(service.id),
          text: `${effect.about ?? ""}${deps.translate(effect.messageId, ...effect.args)}`,
          ...(effect.mute === undefined ? {} : { mute: effect.mute }),
          severity: "warning",
          facts: { subject: service.name },
        });
      case "health":
        return undefined;
      case "tasks":
        return deps.trigger((effect.list === "fail" ? service.failTriggerTasks : service.recoverTriggerTasks) ?? [], {
          serverId,
          ownerId: service.ownerId,
        });
    }
  };

  /** A change of the state and its message are one transaction; what lasts is kept now and then. */
  const keep = (
    service: Service,
    reporter: string,
    { state, window }: Judged,
    before: ProbeState,
    effects: readonly ProbeEffect[],
  ): void => {
    const known = (): KnownState => ({ state, window: window.snapshot() });
    const told = effects.find((effect) => effect.kind === "health");
    const changed = state.health !== before.health;
    const isDue = changed || deps.now() - (repeated.get(service.id) ?? Number.NEGATIVE_INFINITY) >= REPEAT_MS;
    if (!changed && (told === undefined || !isDue)) return deps.states.touch(service.id, known);
    repeated.set(service.id, deps.now());
    return deps.states.change(service.id, known(), async (tx, changes) => {
      if (told === undefined) return;
      const name = deps.translate(HEALTH_NAMES[told.health]);
      const text = deps.translate("[%s] %s Reporter: %s, Error: %s", name, service.name, reporter, told.data);
      const ends = told.health === HEALTH.good;
      const notice = { text, mute: told.mute, severity: severityOf(told.health), ends, facts: { subject: service.name } };
      await deps.deliveries.tellState(tx, changes, service.notificationGroupId, subjectOf(service.id), notice);
    });
  };

  return { perform, keep, forget: (serviceId: number): void => void repeated.delete(serviceId) };
}

function severityOf(health: Health): Severity {
  if (health === HEALTH.down) return "critical";
  return health === HEALTH.low ? "warning" : "info";
}
