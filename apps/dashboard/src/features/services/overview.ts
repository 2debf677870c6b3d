import type { CycleTransferStats, ServiceOverview, ServicePoint, ServicesOverview, ServiceServer } from "@windfire/api";
import type { ServiceServerHistory } from "#features/history";
import type { LiveServer } from "#features/servers";
import { formatInstant } from "#kernel";
import type { Caller } from "#kernel";
import type { ServiceCoverage } from "./coverage.ts";
import type { ServiceDirectory } from "./directory.ts";
import { covers } from "./model.ts";
import type { Service } from "./model.ts";
import type { ServiceFigures, ServiceStatistics } from "./statistics.ts";
import type { ServiceHistorySource } from "./table-history.ts";
import type { ServiceVisibility } from "./visibility.ts";

/** A server that was heard of within this is shown as online (spec 30 section 9.5). */
const ONLINE_MS = 30_000;

export interface ServiceOverviewDeps {
  readonly services: Pick<ServiceDirectory, "list">;
  readonly visibility: ServiceVisibility;
  readonly coverage: Pick<ServiceCoverage, "targets">;
  readonly statistics: Pick<ServiceStatistics, "of">;
  readonly history: ServiceHistorySource;
  readonly now: () => number;
  /** Traffic of the running cycles of alert rules, by rule id, as far as the caller may see the servers. */
  readonly cycleTransferStats: (caller: Caller) => Readonly<Record<string, CycleTransferStats>>;
}

/** How services are (spec 11 sections 4.5 to 4.6a). */
export function createServiceOverview(deps: ServiceOverviewDeps) {
  const { visibility } = deps;
  return {
    overview(caller: Caller): ServicesOverview {
      const shown = visibility
        .services(caller)
        .map((service) => [service.id, overviewOf(service, deps.statistics.of(service.id))] as const);
      const cycles = deps.cycleTransferStats(caller);
      return {
        ...(shown.length === 0 ? {} : { services: Object.fromEntries(shown) }),
        ...(Object.keys(cycles).length === 0 ? {} : { cycle_transfer_stats: { ...cycles } }),
      };
    },

    /** Ids of visible servers that any service covers, ascending. */
    coveredServers(caller: Caller): number[] {
      const covered = visibility.servers(caller).filter((server) => deps.services.list().some((service) => covers(service, server.id)));
      return covered.map((server) => server.id).toSorted((a, b) => a - b);
    },

    /** A service node by node, in display order. */
    async nodes(caller: Caller, id: number): Promise<ServiceServer[]> {
      const service = visibility.service(caller, id);
      const now = deps.now();
      const seen = new Map((await deps.history.serviceHistory(service.id, "1d", now)).map((entry) => [entry.serverId, entry]));
      const targets = new Set(deps.coverage.targets(service.id));
      const covered = visibility.servers(caller).filter((server) => targets.has(server.id));
      return covered.map((server) => nodeOf(server, seen.get(server.id), now));
    },
  };
}

export type ServiceOverviews = ReturnType<typeof createServiceOverview>;

function overviewOf(service: Service, { days, current }: ServiceFigures): ServiceOverview {
  return {
    ...(service.name === "" ? {} : { service_name: service.name }),
    current_up: current.up,
    current_down: current.down,
    total_up: days.reduce((total, day) => total + day.up, 0),
    total_down: days.reduce((total, day) => total + day.down, 0),
    delay: days.map((day) => day.delay),
    up: days.map((day) => day.up),
    down: days.map((day) => day.down),
  };
}

function nodeOf(server: LiveServer, seen: ServiceServerHistory | undefined, now: number): ServiceServer {
  const last = seen && lastPoint(seen.dataPoints);
  const up = seen?.totalUp ?? 0;
  const down = seen?.totalDown ?? 0;
  return {
    id: server.id,
    name: server.settings.name,
    server_id: server.id,
    server_name: server.settings.name,
    online: server.lastActive > 0 && now - server.lastActive <= ONLINE_MS,
    up,
    down,
    up_percent: up + down === 0 ? 0 : Math.round((up / (up + down)) * 10_000) / 100,
    avg_delay: seen ? successfulDelay(seen) : 0,
    ...(last ? { last_delay: last.delay, last_status: last.status, last_checked_at: formatInstant(last.ts) } : {}),
  };
}

/** Mean over the points that are up: the history's own mean knows no difference, so it serves where nothing failed. */
function successfulDelay({ avgDelay, totalDown, dataPoints }: ServiceServerHistory): number {
  if (totalDown === 0) return avgDelay;
  const up = (JSON.parse(dataPoints) as ServicePoint[]).filter((point) => point.status === 1);
  return up.length === 0 ? 0 : up.reduce((total, point) => total + point.delay, 0) / up.length;
}

/** The newest of a list of points, without reading all of it. */
function lastPoint(json: string): ServicePoint | undefined {
  const start = json.lastIndexOf("{");
  return start < 0 ? undefined : (JSON.parse(json.slice(start, -1)) as ServicePoint);
}
