import type { AnyRoute } from "#platform/http";
import { backupRoutes } from "./routes.ts";
import { createRunner } from "./runner.ts";
import type { RunnerDeps } from "./runner.ts";
import { backupStore } from "./settings.ts";

/** What the room needs of others. */
export type BackupDeps = RunnerDeps;

export interface BackupRoom {
  readonly routes: readonly AnyRoute[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes backups of the installation, by schedule and when an administrator asks. */
export function createBackup(deps: BackupDeps): BackupRoom {
  const runner = createRunner(deps);
  return {
    routes: backupRoutes({ ...deps, runner }),
    start: async () => runner.plan(await backupStore.settings(deps.database.kysely)),
    stop: () => runner.stop(),
  };
}
