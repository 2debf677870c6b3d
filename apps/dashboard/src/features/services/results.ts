import type { TaskResult } from "@windfire/protocol";
import type { Deliveries, Notice } from "#features/notifications";
import type { ServerDirectory } from "#features/servers";
import type { ServiceCoverage } from "./coverage.ts";
import { FIRST_STATE, HEALTH, step } from "./engine.ts";
import type { Health, ProbeEffect, ProbeState } from "./engine.ts";
import type { HistoryRows } from "./history-rows.ts";
import { subjectOf } from "./model.ts";
import type { Service } from "./model.ts";
import type { KnownState, ProbeStates } from "./states.ts";
import type { ServiceStatistics } from "./statistics.ts";
import { createProbeWindow } from "./window.ts";
import type { ProbeWindow } from "./window.ts";
import type { ServiceRecords } from "./store.ts";

export interface ProbeResultDeps {
  readonly services: Pick<ServiceRecords, "get">;
  readonly servers: Pick<ServerDirectory, "get">;
  readonly coverage: ServiceCoverage;
  readonly statistics: ServiceStatistics;
  readonly now: () => number;
  /** Ping results averaged into one stored point (configuration key `avg_ping_count`). */
  readonly pingCount: number;
  /** Stored history of one service as one server sees it. */
  readonly recordProbe: (serviceId: number, serverId: number, at: number, delayMs: number, up: boolean) => void;
  /** Table `service_histories`, where there is one. `points` says whether single points belong into it too. */
  readonly rows: HistoryRows | undefined;
  readonly notify: (groupId: number, notice: Notice) => void;
  readonly deliveries: Pick<Deliveries, "tellState">;
  readonly states: Pick<ProbeStates, "touch" | "change" | "forget">;
  /** What was known before the start. */
  readonly known: ReadonlyMap<number, KnownState>;
  readonly unmute: (groupId: number, label: string) => void;
  readonly trigger: (cronIds: readonly number[], event: { readonly serverId: number; readonly ownerId: number }) => void;
  readonly translate: (messageId: string, ...args: (string | number)[]) => string;
}

const HTTP = 1;
/** Certificates and error texts are short; an agent's result may have megabytes (spec 60 section 5, "strings from agents"). */
const MAX_DATA_LENGTH = 1024;

const HEALTH_NAMES: Record<Health, string> = {
  [HEALTH.unset]: "No Data",
  [HEALTH.noData]: "No Data",
  [HEALTH.good]: "Good",
  [HEALTH.low]: "Low Availability",
  [HEALTH.down]: "Down",
};

/**
 * Results that a server may send beyond the probes it was given (answers to those before a restart, late ones). Past them only answers to
 * its probes count, so that nobody moves the figures by flooding.
 */
const SPARE_RESULTS = 240;

/** How a service is judged. */
interface Judged {
  readonly state: ProbeState;
  readonly window: ProbeWindow;
}

/** A state that lasts is told again no more often than its mute lets through. */
const REPEAT_MS = 60_000;

/** Pings of one server that are not a point yet. */
interface Pending {
  count: number;
  good: number;
  delaySum: number;
}

/** Takes the results of probes (spec 30 sections 1.5 and 1.6). */
export function createProbeResults(deps: ProbeResultDeps) {
  const states = new Map([...deps.known].map(([id, { state, window }]) => [id, { state, window: createProbeWindow(window) }]));
  const pending = new Map<string, Pending>();
  /** Results that are still taken of a server for a service; those that have all of them are left out. */
  const allowed = new Map<string, number>();
  /** When a lasting state was last handed over. */
  const repeated = new Map<number, number>();
  let refused = 0;
  let flooded = 0;
  const isAllowed = (key: string): boolean => {
    const left = allowed.get(key) ?? SPARE_RESULTS;
    if (left > 0) allowed.set(key, left - 1);
    return left > 0;
  };

  const store = (
    service: Service,
    serverId: number,
    at: number,
    point: { delay: number; good: number; count: number; data: string },
  ): void => {
    deps.recordProbe(service.id, serverId, at, point.delay, point.good * 2 >= point.count);
    deps.rows?.addPoint({
      serviceId: service.id,
      serverId,
      at,
      delay: point.delay,
      up: point.good,
      down: point.count - point.good,
      data: point.data,
    });
  };
  /** The mean of the successful ones; without any the point says 0 and down. */
  const accumulate = (service: Service, serverId: number, at: number, { delay, successful, data }: TaskResult): void => {
    if (service.type === HTTP) return store(service, serverId, at, { delay, good: successful ? 1 : 0, count: 1, data });
    const key = `${service.id} ${serverId}`;
    const before = pending.get(key) ?? { count: 0, good: 0, delaySum: 0 };
    const sum = { count: before.count + 1, good: before.good + (successful ? 1 : 0), delaySum: before.delaySum + (successful ? delay : 0) };
    if (sum.count < deps.pingCount) return void pending.set(key, sum);
    pending.delete(key);
    return store(service, serverId, at, { delay: sum.good === 0 ? 0 : sum.delaySum / sum.good, good: sum.good, count: sum.count, data });
  };
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
      await deps.deliveries.tellState(tx, changes, service.notificationGroupId, subjectOf(service.id), { text, mute: told.mute });
    });
  };

  return {
    get refusedCount() {
      return refused;
    },
    /** Results beyond what the server was asked for. */
    get floodedCount() {
      return flooded;
    },
    /** A probe was given to a server: one more result of it is taken. */
    dispatched(serviceId: number, serverId: number): void {
      const key = `${serviceId} ${serverId}`;
      const left = allowed.get(key);
      if (left === undefined) return;
      if (left + 1 >= SPARE_RESULTS) allowed.delete(key);
      else allowed.set(key, left + 1);
    },
    /** A result of a server that does not probe this service now is dropped (GHSA-4g6j-g789-rghm). */
    onResult(serverId: number, result: TaskResult): void {
      const service = deps.services.get(result.id);
      if (service?.type !== result.type || !deps.coverage.reaches(service.id, serverId)) {
        refused++;
        return;
      }
      if (!isAllowed(`${service.id} ${serverId}`)) {
        flooded++;
        return;
      }
      const at = deps.now();
      const delay = Number.isFinite(result.delay) && result.delay > 0 ? result.delay : 0;
      const data = result.data.slice(0, MAX_DATA_LENGTH);
      const probe = { at, delay, successful: result.successful, data };
      accumulate(service, serverId, at, { ...result, delay, data });
      deps.statistics.count(service.id, probe);
      const before = states.get(service.id) ?? { state: FIRST_STATE, window: createProbeWindow() };
      before.window.add(at, serverId, probe);
      const counts = before.window.counts();
      deps.statistics.setCurrent(service.id, counts);
      const reporter = deps.servers.get(serverId)?.settings.name ?? "";
      const { next, effects } = step(before.state, service, reporter, probe, counts);
      states.set(service.id, { state: next, window: before.window });
      for (const effect of effects) perform(service, serverId, effect);
      keep(service, reporter, { state: next, window: before.window }, before.state, effects);
    },
    /** Services that are gone leave nothing behind. */
    forget(serviceIds: readonly number[]): void {
      deps.states.forget(serviceIds);
      for (const id of serviceIds) {
        states.delete(id);
        repeated.delete(id);
        for (const map of [pending, allowed]) for (const key of map.keys()) if (key.startsWith(`${id} `)) map.delete(key);
      }
    },
  };
}

export type ProbeResults = ReturnType<typeof createProbeResults>;
