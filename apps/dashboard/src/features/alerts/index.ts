import type { CycleTransferStats } from "@windfire/api";
import { canViewServer } from "#access";
import type { ServerDirectory } from "#features/servers";
import type { Caller } from "#kernel";
import type { AnyRoute } from "#platform/http";
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
import { createAlertDirectory } from "./directory.ts";
import type { AlertDirectory } from "./directory.ts";
import { alertRoutes } from "./routes.ts";
import { createAlertStore } from "./store.ts";

export type { AlertCascades } from "./cascades.ts";
export type { AlertCoverage } from "./coverage.ts";
export type { CycleTraffic } from "./cycle-traffic.ts";
export type { AlertDirectory } from "./directory.ts";
export type { AlertCondition, AlertRule } from "./model.ts";

type Own = "store" | "alerts" | "checks" | "cycleTraffic";

export interface AlertsDeps extends Omit<AlertCheckDeps & AlertCommandDeps & AlertCoverageDeps, Own> {
  readonly servers: Pick<ServerDirectory, "get">;
}

export interface Alerts {
  readonly routes: readonly AnyRoute[];
  readonly cascades: AlertCascades;
  readonly directory: Pick<AlertDirectory, "get" | "list">;
  /** For whoever evaluates the rules. */
  readonly coverage: AlertCoverage;
  readonly cycleTraffic: CycleTraffic;
  /** Traffic of the running cycles, by rule id, of the servers that the caller may see (spec 11 section 4.5). */
  cycleTransferStats(caller: Caller): Record<string, CycleTransferStats>;
}

/** Loads all rules and puts the room together. */
export async function createAlerts(deps: AlertsDeps): Promise<Alerts> {
  const store = createAlertStore(deps.database);
  const alerts = createAlertDirectory(await store.all());
  const cycleTraffic = createCycleTraffic();
  const checks = createAlertChecks(deps);
  const commands = createAlertCommands({ ...deps, store, alerts, checks, cycleTraffic });
  const sees = (caller: Caller, serverId: number): boolean => {
    const server = deps.servers.get(serverId);
    return server !== undefined && canViewServer(caller, server.settings);
  };
  return {
    directory: alerts,
    coverage: createAlertCoverage(deps),
    cycleTraffic,
    routes: alertRoutes(commands),
    cascades: createAlertCascades({ store, alerts, cycleTraffic, commands }),
    cycleTransferStats: (caller) => cycleTraffic.stats((serverId) => sees(caller, serverId)),
  };
}
