import type { CycleTransferStats } from "@windfire/api";
import type { Clock } from "@windfire/kit";
import { canViewServer } from "#access/policy";
import type { ServerDirectory, TrafficBook } from "#features/servers";
import type { Caller } from "#kernel";
import type { AnyRoute } from "#platform/http";
import type { Scheduler } from "#platform/scheduler";
import { createAlertCascades } from "./cascades.ts";
import type { AlertCascades } from "./cascades.ts";
import { createAlertChecks } from "./checks.ts";
import type { AlertCheckDeps } from "./checks.ts";
import { createAlertCommands } from "./commands.ts";
import type { AlertCommandDeps } from "./commands.ts";
import { createAlertCoverage } from "./coverage.ts";
import type { AlertCoverage, AlertCoverageDeps } from "./coverage.ts";
import { createCycleTraffic } from "./cycle-traffic.ts";
import type { CycleTraffic } from "./cycle-traffic.ts";
import { createCycleWatch } from "./cycle-watch.ts";
import type { CycleWatch } from "./cycle-watch.ts";
import { createAlertDirectory } from "./directory.ts";
import type { AlertDirectory } from "./directory.ts";
import { alertRoutes } from "./routes.ts";
import { createAlertRunner } from "./runner.ts";
import { createAlertStore } from "./store.ts";
import { cleanTraffic, trafficNeed } from "./traffic-cleanup.ts";
import { createTrafficSums } from "./traffic-sums.ts";

export type { AlertCascades } from "./cascades.ts";
export type { AlertCoverage } from "./coverage.ts";
export type { CycleTraffic } from "./cycle-traffic.ts";
export type { AlertDirectory } from "./directory.ts";
export type { AlertCondition, AlertRule } from "./model.ts";

type Own = "store" | "alerts" | "checks" | "cycleTraffic";

export interface AlertsDeps extends Omit<AlertCheckDeps & AlertCommandDeps & AlertCoverageDeps, Own> {
  readonly servers: Pick<ServerDirectory, "get">;
  readonly clock: Clock;
  readonly scheduler: Pick<Scheduler, "every">;
  /** Runs a read while no traffic moves from the counters to the table. */
  readonly undisturbed: TrafficBook["undisturbed"];
  /** The data comes from the reference and is opened for the first time: sums of traffic go on as they were shown there. */
  readonly takenOver: boolean;
}

export interface Alerts {
  readonly routes: readonly AnyRoute[];
  readonly cascades: AlertCascades;
  readonly directory: Pick<AlertDirectory, "get" | "list">;
  /** For whoever evaluates the rules. */
  readonly coverage: AlertCoverage;
  readonly cycleTraffic: CycleTraffic;
  readonly cycleWatch: Pick<CycleWatch, "failed">;
  /** Traffic of the running cycles, by rule id, of the servers that the caller may see (spec 11 section 4.5). */
  cycleTransferStats(caller: Caller): Record<string, CycleTransferStats>;
  /** Deletes recorded traffic that no rule needs (spec 30 section 8.7). */
  cleanTraffic(): Promise<void>;
  /** Cleans up once and begins to look at the rules. */
  start(): Promise<void>;
  /** Waits for the look that is under way. */
  stop(): Promise<void>;
}

/** Loads all rules and puts the room together. */
export async function createAlerts(deps: AlertsDeps): Promise<Alerts> {
  const store = createAlertStore(deps.database);
  const alerts = createAlertDirectory(await store.all());
  const cycleTraffic = createCycleTraffic();
  const coverage = createAlertCoverage(deps);
  const cycleWatch = createCycleWatch({ ...deps, alerts, coverage, cycleTraffic, sums: createTrafficSums(deps.database) });
  const runner = createAlertRunner({ ...deps, look: cycleWatch.evaluate });
  const checks = createAlertChecks(deps);
  const commands = createAlertCommands({ ...deps, store, alerts, checks, cycleTraffic });
  const clean = (listedAlone: boolean): Promise<void> =>
    cleanTraffic(deps.database, trafficNeed(alerts.list(), deps.now(), { listedAlone }));
  const sees = (caller: Caller, serverId: number): boolean => {
    const server = deps.servers.get(serverId);
    return server !== undefined && canViewServer(caller, server.settings);
  };
  return {
    directory: alerts,
    coverage,
    cycleTraffic,
    cycleWatch,
    routes: alertRoutes(commands, deps.now),
    cascades: createAlertCascades({ store, alerts, cycleTraffic, commands, now: deps.now }),
    cycleTransferStats: (caller) => cycleTraffic.stats((serverId) => sees(caller, serverId)),
    cleanTraffic: () => clean(false),
    async start() {
      await clean(deps.takenOver);
      runner.start();
    },
    stop: runner.stop,
  };
}
