import { createTriggers } from "#features/cron";
import type { TriggerDeps } from "#features/cron";
import type { History, ProbeSeries } from "#features/history";
import type { Deliveries } from "#features/notifications";
import type { ServerDirectory } from "#features/servers";
import type { Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createLoneLease } from "#platform/leases";
import type { Seat } from "#platform/leases";
import type { Scheduler } from "#platform/scheduler";
import { createCalendar } from "./calendar.ts";
import { createServiceCascades } from "./cascades.ts";
import type { ServiceCascades } from "./cascades.ts";
import { createServiceChecks } from "./checks.ts";
import type { ServiceCheckDeps } from "./checks.ts";
import { createServiceCommands } from "./commands.ts";
import type { ServiceCommandDeps } from "./commands.ts";
import { createServiceCoverage } from "./coverage.ts";
import type { ServiceCoverage, ServiceCoverageDeps } from "./coverage.ts";
import { createServiceDays } from "./days.ts";
import { createServiceHalves } from "./halves.ts";
import type { ServiceHalves } from "./halves.ts";
import { serviceHourRoutes } from "./hour-routes.ts";
import { createHistoryRows } from "./history-rows.ts";
import { followServices } from "./follow.ts";
import { createJudgedPart } from "./judged-part.ts";
import type { JudgedPart } from "./judged-part.ts";
import { openHistoryTable } from "./history-table.ts";
import { createServiceHistories } from "./histories.ts";
import { createServiceOverview } from "./overview.ts";
import type { ServiceOverviewDeps, ServiceOverviews } from "./overview.ts";
import { createProbing } from "./probing.ts";
import type { ProbingDeps } from "./probing.ts";
import { createProbeStates } from "./states.ts";
import type { ProbeStates } from "./states.ts";
import { reloadStatistics } from "./reload.ts";
import { createProbeResults } from "./results.ts";
import type { ProbeResultDeps, ProbeResults } from "./results.ts";
import { serviceRoutes, serviceViewRoutes } from "./routes.ts";
import { shownState } from "./shown-state.ts";
import { createServiceStatistics } from "./statistics.ts";
import type { ServiceStatistics } from "./statistics.ts";
import { serviceKind, serviceStore } from "./store.ts";
import type { ServiceRecords } from "./store.ts";
import { createTableHistory } from "./table-history.ts";
import { jobsOnTable } from "./table-jobs.ts";
import { createServiceVisibility } from "./visibility.ts";

/** What the room needs of others. */
export interface ServicesDeps {
  readonly database: Database;
  readonly audit: ServiceCommandDeps["audit"];
  readonly now: () => number;
  readonly clock: ProbingDeps["clock"] & TriggerDeps["clock"];
  readonly scheduler: Pick<Scheduler, "every">;
  /** Who says what services are like, and keeps it. Without it this process does. */
  readonly judge?: Seat;
  readonly isAskedHere?: NonNullable<ProbingDeps["isAskedHere"]>;
  /** Hands a result that was accepted here to the other processes. */
  readonly share?: NonNullable<ProbeResultDeps["share"]>;
  /** Where it is disabled, table `service_histories` answers instead. */
  readonly history: History;
  readonly servers: Pick<ServerDirectory, "get" | "list">;
  readonly reach: ServiceCheckDeps["reach"];
  readonly ownsEverything: ServiceCoverageDeps["ownsEverything"];
  readonly crons: ServiceCheckDeps["crons"];
  readonly notificationGroupOwner: ServiceCheckDeps["notificationGroupOwner"];
  readonly requireRoom: ServiceCommandDeps["requireRoom"];
  readonly requirePath: ServiceCommandDeps["requirePath"];
  readonly cascades: ServiceCommandDeps["cascades"];
  readonly cycleTransferStats: ServiceOverviewDeps["cycleTransferStats"];
  readonly agents: ProbingDeps["agents"] & TriggerDeps["agents"];
  readonly pingCount: number;
  readonly notify: ProbeResultDeps["notify"];
  readonly unmute: ProbeResultDeps["unmute"];
  readonly deliveries: Pick<Deliveries, "tell" | "tellState" | "dropEvents">;
  readonly bookHealth: ProbeResultDeps["bookHealth"];
  readonly isPlanned: ProbeResultDeps["isPlanned"];
  readonly trigger: TriggerDeps["trigger"];
  readonly outbox: TriggerDeps["outbox"];
  readonly log: TriggerDeps["log"];
  readonly translate: ProbeResultDeps["translate"];
  /** Zone of the days (configuration key `location`). */
  readonly location: string;
  readonly onError: (error: unknown) => void;
}

export interface Services {
  readonly routes: readonly AnyRoute[];
  readonly cascades: ServiceCascades;
  readonly services: Pick<ServiceRecords, "get" | "list" | "subscribe">;
  /** For whoever sends probes and takes their results. */
  readonly coverage: ServiceCoverage;
  readonly statistics: ServiceStatistics;
  /** Takes the results of probes. */
  readonly onResult: ProbeResults["onResult"];
  /** Takes a result that another process has accepted and recorded. */
  readonly heard: ProbeResults["heard"];
  /** Results of services within a time, Unix milliseconds, to the half hour. */
  readonly results: ServiceHalves["sums"];
  /** What services did on days of a zone. */
  readonly days: ServiceHalves["days"];
  /** What its servers saw of a service between two moments, Unix milliseconds. */
  series(serviceId: number, from: number, to: number): Promise<ProbeSeries>;
  /** What a service is like; `undefined`: never judged. */
  readonly stateOf: ProbeResults["stateOf"];
  /** When a result of a service was judged last, Unix milliseconds; `undefined`: not since the start. */
  readonly judgedAt: ProbeResults["judgedAt"];
  /** What a service is like is told now, after it was held. */
  readonly tellHeld: ProbeResults["tellHeld"];
  /** 30 days of the services that a caller may see, and the traffic of running cycles. */
  readonly overviewFor: ServiceOverviews["overview"];
  readonly counters: { readonly refused: number; readonly flooded: number; readonly busy: number };
  /** Begins to probe. */
  start(): void;
  /** Ends probing and waits for what is being written. */
  stop(): Promise<void>;
  /** What only the judge does. */
  readonly judged: JudgedPart;
}

/** Servers whose results are put together. */
const MOST_SEEN = 500;

/** Loads all services with their 30-day figures and puts the room together. */
export async function createServices(deps: ServicesDeps): Promise<Services> {
  const { database, history, now } = deps;
  const judge = deps.judge ?? createLoneLease(database);
  const judged = { ...deps, database: judge.database };
  const probing = createProbing({
    ...deps,
    coverage: { targets: (id) => coverage.targets(id), reaches: (...ids) => coverage.reaches(...ids) },
    find: (id) => services.get(id),
    dispatched: (...ids) => results.dispatched(...ids),
  });
  await database.transaction((tx) => serviceStore.sweep(tx));
  const services = await database.keep(serviceKind);
  const historyTable = await openHistoryTable(database);
  const calendar = createCalendar(deps.location);
  const statistics = createServiceStatistics({ now, calendar });
  const halves = createServiceHalves({ database: judge.database, now });
  const days = createServiceDays({ ...judged, statistics, halves, today: () => calendar.dayOf(now()) });
  const isKnown = (id: number): boolean => services.get(id) !== undefined;
  const counting = { table: historyTable, statistics, calendar, now, isKnown };
  await reloadStatistics({ ...counting, stored: await days.all() });

  const checks = createServiceChecks(deps);
  const coverage = createServiceCoverage({ ...deps, services });
  const states = createProbeStates({ ...judged, isKnown });
  const triggers = createTriggers("service-task", { ...deps, ownerOf: (id) => services.get(id)?.ownerId });
  const dropStored = dropFrom(days, halves, states);
  const commands = createServiceCommands({ ...deps, services, checks, triggers, historyTable, dropStored });
  const rows = historyTable && createHistoryRows({ database, withPoints: !history.enabled, onError: deps.onError });
  const count: ServiceStatistics["count"] = (serviceId, result) => {
    statistics.count(serviceId, result);
    halves.count(serviceId, result);
  };
  const kept = { services, coverage, statistics, count, rows, states, triggers, known: await states.load() };
  const ways = { judges: () => judge.held, recordProbe: history.recordProbe, retry: probing.again };
  const results = createProbeResults({ ...deps, ...kept, ...ways });
  const follower = followServices({ services, probing, results, statistics });
  const source = history.enabled || !historyTable ? history : createTableHistory(historyTable);
  const visibility = createServiceVisibility({ services, servers: deps.servers, checks });
  const shown = { services, visibility, coverage, statistics, stateOf: results.stateOf, history: source };
  const overview = createServiceOverview({ ...deps, ...shown });
  const histories = createServiceHistories({ visibility, history: source, now });
  return {
    services,
    coverage,
    statistics,
    overviewFor: overview.overview,
    routes: [
      ...serviceRoutes(commands, (id) => shownState(results.stateOf(id), now())),
      ...serviceHourRoutes({ commands, halves, now }),
      ...serviceViewRoutes(overview, histories),
    ],
    cascades: createServiceCascades({ ...deps, commands, forgetServers: results.forgetServers }),
    onResult: results.onResult,
    heard: results.heard,
    results: halves.sums,
    days: halves.days,
    series: (id, from, to) => source.probeSeries(id, coverage.targets(id).slice(0, MOST_SEEN), from, to),
    stateOf: results.stateOf,
    get counters() {
      return { refused: results.refusedCount, flooded: results.floodedCount, busy: probing.busyCount };
    },
    judgedAt: results.judgedAt,
    tellHeld: results.tellHeld,
    start: follower.start,
    async stop() {
      probing.remove(services.list().map((service) => service.id));
      await rows?.settled();
    },
    judged: createJudgedPart({
      ...counting,
      services,
      judge,
      days,
      halves,
      states,
      results,
      jobs: jobsOnTable(judged, historyTable, isKnown),
    }),
  };
}

/** Takes away what is kept of services beside their rows. */
function dropFrom(...kept: readonly Pick<ProbeStates, "delete">[]): ServiceCommandDeps["dropStored"] {
  return async (tx, ids) => {
    for (const one of kept) await one.delete(tx, ids);
  };
}
