import type { TaskResult } from "@windfire/protocol";
import type { HistoryRows } from "./history-rows.ts";
import type { Service } from "./model.ts";

const HTTP = 1;

/** Pairs of service and server that are half way to a point; of more, such as those of servers that are gone, the oldest is forgotten. */
const MOST_PENDING = 200_000;

export interface PointDeps {
  /** Ping results averaged into one stored point (configuration key `avg_ping_count`). */
  readonly pingCount: number;
  /** Stored history of one service as one server sees it. */
  readonly recordProbe: (serviceId: number, serverId: number, at: number, delayMs: number, up: boolean) => void;
  /** Table `service_histories`, where there is one. */
  readonly rows: HistoryRows | undefined;
}

/** Pings of one server that are not a point yet. */
interface Pending {
  count: number;
  good: number;
  delaySum: number;
}

/** Makes points of results: each of an HTTP probe, the mean of several pings (spec 30 section 1.6 A). */
export function createProbePoints(deps: PointDeps) {
  const pending = new Map<string, Pending>();
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
    pending.delete(key);
    if (sum.count < deps.pingCount) {
      if (pending.size >= MOST_PENDING) pending.delete(pending.keys().next().value ?? "");
      return void pending.set(key, sum);
    }
    return store(service, serverId, at, { delay: sum.good === 0 ? 0 : sum.delaySum / sum.good, good: sum.good, count: sum.count, data });
  };
  return {
    add: accumulate,
    forget(serviceId: number): void {
      for (const key of pending.keys()) if (key.startsWith(`${serviceId} `)) pending.delete(key);
    },
  };
}
