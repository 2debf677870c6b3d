import type { CycleTransferStats, ServiceOverview, ServicesOverview, ServiceServer } from "@windfire/api";
import type { ServiceServerSummary } from "#features/history";
import type { LiveServer } from "#features/servers";
import { formatInstant } from "#kernel";
import type { Caller } from "#kernel";
import type { ServiceCoverage } from "./coverage.ts";
import type { ProbeState } from "./engine.ts";
import { covers } from "./model.ts";
import { shownState } from "./shown-state.ts";
import { shownSpread } from "./spread.ts";
import type { Service } from "./model.ts";
import type { ServiceFigures, ServiceStatistics } from "./statistics.ts";
import type { ServiceHistorySource } from "./table-history.ts";
import type { ServiceVisibility } from "./visibility.ts";
import type { ServiceRecords } from "./store.ts";

/** A server that was heard of within this is shown as online (spec 30 section 9.5). */
const ONLINE_MS = 30_000;

export interface ServiceOverviewDeps {
  readonly services: Pick<ServiceRecords, "list">;
  readonly visibility: ServiceVisibility;
  readonly coverage: Pick<ServiceCoverage, "targets">;
  readonly statistics: Pick<ServiceStatistics, "of">;
  readonly history: ServiceHistorySource;
  readonly now: () => number;
  readonly stateOf: (serviceId: number) => ProbeState | undefined;
  /** Traffic of the running cycles of alert rules, by rule id, as far as the caller may see the servers. */
  readonly cycleTransferStats: (caller: Caller) => Readonly<Record<string, CycleTransferStats>>;
}

/** How services are (spec 11 sections 4.5 to 4.6a). */
export function createServiceOverview(deps: ServiceOverviewDeps) {
  const { visibility } = deps;
  const inShort = (serviceId: number): Pick<ServiceOverview, "state" | "certificate_days_left"> => {
    const { state, certificate } = shownState(deps.stateOf(serviceId), deps.now());
    return { ...(state ? { state } : {}), ...(certificate ? { certificate_days_left: certificate.days_left } : {}) };
  };
  return {
    overview(caller: Caller): ServicesOverview {
      const shown = visibility
        .services(caller)
        .map((service) => [service.id, { ...overviewOf(service, deps.statistics.of(service.id)), ...inShort(service.id) }] as const);
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
      const targets = new Set(deps.coverage.targets(service.id));
      const covered = visibility.servers(caller).filter((server) => targets.has(server.id));
      const ids = covered.map((server) => server.id).toSorted((a, b) => a - b);
      const seen = new Map((await deps.history.serviceSummaries(service.id, ids, now)).map((entry) => [entry.serverId, entry]));
      return covered.map((server) => nodeOf(server, seen.get(server.id), now));
    },
  };
}

export type ServiceOverviews = ReturnType<typeof createServiceOverview>;

/** Results of days are those that availability counts: what came during planned work is left out, as on status pages and in reports. */
function overviewOf(service: Service, { days, current }: ServiceFigures): ServiceOverview {
  const up = days.map((day) => day.up - (day.planned?.up ?? 0));
  const down = days.map((day) => day.down - (day.planned?.down ?? 0));
  const sumOf = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    ...(service.name === "" ? {} : { service_name: service.name }),
    current_up: current.up,
    current_down: current.down,
    total_up: sumOf(up),
    total_down: sumOf(down),
    delay: days.map((day) => day.delay),
    up,
    down,
  };
}

/** A failed result has no delay. */
function nodeOf(server: LiveServer, seen: ServiceServerSummary | undefined, now: number): ServiceServer {
  const up = seen?.totalUp ?? 0;
  const down = seen?.totalDown ?? 0;
  const last = seen?.last;
  return {
    id: server.id,
    name: server.settings.name,
    server_id: server.id,
    server_name: server.settings.name,
    online: server.lastActive > 0 && now - server.lastActive <= ONLINE_MS,
    up,
    down,
    up_percent: up + down === 0 ? 0 : Math.round((up / (up + down)) * 10_000) / 100,
    avg_delay: seen?.avgDelay ?? 0,
    ...(seen ? shownSpread(seen.spread) : {}),
    ...(last?.delay === undefined ? {} : { last_delay: last.delay }),
    ...(last ? { last_status: last.up ? 1 : 0, last_checked_at: formatInstant(last.at) } : {}),
  };
}
