import type { TaskResult } from "@windfire/protocol";
import type { ServerDirectory } from "#features/servers";
import type { ServiceCoverage } from "./coverage.ts";
import type { ServiceDirectory } from "./directory.ts";
import { FIRST_STATE, HEALTH, step } from "./engine.ts";
import type { Health, ProbeEffect, ProbeState } from "./engine.ts";
import type { HistoryRows } from "./history-rows.ts";
import type { Service } from "./model.ts";
import type { ServiceStatistics } from "./statistics.ts";

export interface ProbeResultDeps {
  readonly services: Pick<ServiceDirectory, "get">;
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
  readonly notify: (groupId: number, notice: { text: string; mute?: string }) => void;
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

/** Pings of one server that are not a point yet. */
interface Pending {
  count: number;
  good: number;
  delaySum: number;
}

/** Takes the results of probes (spec 30 sections 1.5 and 1.6). */
export function createProbeResults(deps: ProbeResultDeps) {
  const states = new Map<number, ProbeState>();
  const pending = new Map<string, Pending>();
  let refused = 0;

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
  const perform = (service: Service, serverId: number, at: number, effect: ProbeEffect): void => {
    const reporter = deps.servers.get(serverId)?.settings.name ?? "";
    switch (effect.kind) {
      case "window":
        return deps.statistics.setCurrent(service.id, { up: effect.up, down: effect.down });
      case "summary":
        return deps.rows?.addSummary({ serviceId: service.id, at, ...effect });
      case "unmute":
        return deps.unmute(service.notificationGroupId, effect.label);
      case "notice":
        return deps.notify(service.notificationGroupId, {
          text: deps.translate(effect.messageId, ...effect.args),
          ...(effect.mute === undefined ? {} : { mute: effect.mute }),
        });
      case "health":
        return deps.notify(service.notificationGroupId, {
          text: deps.translate(
            "[%s] %s Reporter: %s, Error: %s",
            deps.translate(HEALTH_NAMES[effect.health]),
            service.name,
            reporter,
            effect.data,
          ),
          mute: `bf::ssc-${service.id}`,
        });
      case "tasks":
        return deps.trigger((effect.list === "fail" ? service.failTriggerTasks : service.recoverTriggerTasks) ?? [], {
          serverId,
          ownerId: service.ownerId,
        });
    }
  };

  return {
    get refusedCount() {
      return refused;
    },
    /** A result of a server that does not probe this service now is dropped (GHSA-4g6j-g789-rghm). */
    onResult(serverId: number, result: TaskResult): void {
      const service = deps.services.get(result.id);
      if (service?.type !== result.type || !deps.coverage.reaches(service.id, serverId)) {
        refused++;
        return;
      }
      const at = deps.now();
      const delay = Number.isFinite(result.delay) && result.delay > 0 ? result.delay : 0;
      const data = result.data.slice(0, MAX_DATA_LENGTH);
      const probe = { at, delay, successful: result.successful, data };
      accumulate(service, serverId, at, { ...result, delay, data });
      deps.statistics.count(service.id, probe);
      const { next, effects } = step(
        states.get(service.id) ?? FIRST_STATE,
        service,
        deps.servers.get(serverId)?.settings.name ?? "",
        probe,
      );
      states.set(service.id, next);
      for (const effect of effects) perform(service, serverId, at, effect);
    },
    /** Services that are gone leave nothing behind. */
    forget(serviceIds: readonly number[]): void {
      for (const id of serviceIds) {
        states.delete(id);
        for (const key of pending.keys()) if (key.startsWith(`${id} `)) pending.delete(key);
      }
    },
  };
}

export type ProbeResults = ReturnType<typeof createProbeResults>;
