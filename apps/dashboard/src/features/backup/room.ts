import type { Database } from "#platform/database";
import { API_PREFIX } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { settle } from "./replacement/settle.ts";
import { replacementRoutes } from "./replacement/routes.ts";
import type { ReplacementDeps } from "./replacement/routes.ts";
import { backupRoutes } from "./routes.ts";
import { createRunner } from "./runner.ts";
import type { RunnerDeps } from "./runner.ts";
import { backupSettingsKind } from "./settings.ts";
import type { BackupSettings } from "./settings.ts";

const UPLOAD_URL = `${API_PREFIX}/backup/upload`;

/** What the room needs of others. */
export interface BackupDeps extends RunnerDeps, Pick<ReplacementDeps, "restart" | "uploadBytes"> {
  readonly database: Pick<Database, "kysely" | "change" | "follow">;
}

export interface BackupRoom {
  readonly routes: readonly AnyRoute[];
  /** Whether a request may take as long as it makes progress. */
  isPatient(request: { readonly url?: string | undefined }): boolean;
  start(): Promise<void>;
  /** The dashboard listens: a restore that led here is over. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes backups of the installation, by schedule and when an administrator asks, and puts one in the place of what runs. */
export function createBackup(deps: BackupDeps): BackupRoom {
  const runner = createRunner(deps);
  const plan = (settings: BackupSettings | undefined): void => {
    if (settings !== undefined) runner.plan(settings);
  };
  return {
    routes: [...backupRoutes({ ...deps, runner }), ...replacementRoutes({ ...deps, runner })],
    isPatient: ({ url = "" }) => url === UPLOAD_URL,
    start: () =>
      deps.database.follow(backupSettingsKind, { changed: (_key, settings) => plan(settings), reloaded: ([settings]) => plan(settings) }),
    settle: () => settle(deps),
    stop: () => runner.stop(),
  };
}
