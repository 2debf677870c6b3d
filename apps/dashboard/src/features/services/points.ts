import type { TaskResult } from "@windfire/protocol";
import type { ProbeSpread } from "#features/history";
import type { HistoryRows } from "./history-rows.ts";
import type { Service } from "./model.ts";

const HTTP = 1;

export interface PointDeps {
  /** Ping results averaged into one stored point (configuration key `avg_ping_count`). */
  readonly pingCount: number;
  /** Stored history of one service as one server sees it. */
  readonly recordProbe: (serviceId: number, serverId: number, at: number, delayMs: number, up: boolean, spread: ProbeSpread) => void;
  /** Table `service_histories`, where there is one. */
  readonly rows: HistoryRows | undefined;
}

/** What is known of a pair of service and server. */
interface Pair {
  /** Results that are not a point yet. */
  count: number;
  good: number;
  delaySum: number;
  /** Distances of a delay from the one before. */
  distances: number;
  distanceSum: number;
  /** Of the last result that succeeded. */
  lastDelay: number | undefined;
}

/** Makes points of results: each of an HTTP probe, the mean of several pings (spec 30 section 1.6 A). */
export function createProbePoints(deps: PointDeps) {
  /** By service, then by server; both leave with their rows. */
  const pairs = new Map<number, Map<number, Pair>>();

  const pairOf = (serviceId: number, serverId: number): Pair => {
    const servers = pairs.get(serviceId) ?? new Map<number, Pair>();
    pairs.set(serviceId, servers);
    const pair = servers.get(serverId) ?? { count: 0, good: 0, delaySum: 0, distances: 0, distanceSum: 0, lastDelay: undefined };
    servers.set(serverId, pair);
    return pair;
  };
  const note = (pair: Pair, { delay, successful }: TaskResult): void => {
    pair.count++;
    if (!successful) return;
    pair.good++;
    pair.delaySum += delay;
    if (pair.lastDelay !== undefined) {
      pair.distances++;
      pair.distanceSum += Math.abs(delay - pair.lastDelay);
    }
    pair.lastDelay = delay;
  };
  const store = (service: Service, serverId: number, at: number, pair: Pair, delay: number, data: string): void => {
    const { count, good, distances, distanceSum } = pair;
    const spread = { loss: (count - good) / count, jitter: distances === 0 ? undefined : distanceSum / distances };
    deps.recordProbe(service.id, serverId, at, delay, good * 2 >= count, spread);
    deps.rows?.addPoint({ serviceId: service.id, serverId, at, delay, up: good, down: count - good, data });
  };
  return {
    /** The mean of the successful ones; without any the point says 0 and down. An HTTP probe with a bad status has a delay all the same. */
    add(service: Service, serverId: number, at: number, result: TaskResult): void {
      const pair = pairOf(service.id, serverId);
      note(pair, result);
      if (service.type !== HTTP && pair.count < deps.pingCount) return;
      const mean = pair.good === 0 ? 0 : pair.delaySum / pair.good;
      store(service, serverId, at, pair, service.type === HTTP ? result.delay : mean, result.data);
      Object.assign(pair, { count: 0, good: 0, delaySum: 0, distances: 0, distanceSum: 0 });
    },
    forget: (serviceId: number): void => void pairs.delete(serviceId),
    forgetServer(serverId: number): void {
      for (const servers of pairs.values()) servers.delete(serverId);
    },
  };
}
