import type { AnyRoute } from "#platform/http";
import { maintenanceRoutes } from "./routes.ts";
import type { MaintenanceRouteDeps } from "./routes.ts";
import { createRuns } from "./runs.ts";
import type { RunDeps } from "./runs.ts";

/** What the room needs of others. */
export interface MaintenanceDeps {
  readonly database: MaintenanceRouteDeps["database"];
  readonly audit: MaintenanceRouteDeps["audit"];
  readonly now: RunDeps["now"];
  readonly vacuum: RunDeps["vacuum"];
  readonly flushHistory: RunDeps["flushHistory"];
  readonly onError: RunDeps["onError"];
}

export interface Maintenance {
  readonly routes: readonly AnyRoute[];
  /** Runs once; joins a run that is under way. Resolves to whether all steps went through. */
  run(): Promise<boolean>;
}

/** Keeps the stores compact (spec 10 section 15): weekly by schedule, and when an administrator asks. */
export function createMaintenance(deps: MaintenanceDeps): Maintenance {
  const runs = createRuns(deps);
  return { run: runs.run, routes: maintenanceRoutes({ ...deps, runs }) };
}
