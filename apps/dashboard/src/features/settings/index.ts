import type { FrontendTemplate, HistoryPause, SeenHost, SettingView } from "@windfire/api";
import { GUEST, isAdmin } from "#kernel";
import type { Caller } from "#kernel";
import type { AnyRoute } from "#platform/http";
import { createSettingCommands } from "./commands.ts";
import type { SettingCommandDeps } from "./commands.ts";
import { createProviderCommands } from "./provider-commands.ts";
import type { ProviderCommandDeps } from "./provider-commands.ts";
import { providerRoutes } from "./routes-provider.ts";
import { settingRoutes } from "./routes.ts";
import { settingView } from "./view.ts";

type Commanded = "config" | "database" | "audit" | "templates" | "requireProof" | "isTaken";

/** What the room needs of others. */
export interface SettingsDeps extends Pick<SettingCommandDeps, Commanded> {
  readonly keeper: SettingCommandDeps["keeper"] & ProviderCommandDeps["keeper"];
  /** The same for those who look, a moment old at most. */
  readonly shownTemplates: SettingCommandDeps["templates"];
  readonly version: string;
  readonly nezhaVersion: string;
  readonly historyEnabled: boolean;
  readonly hasStatusPage: () => boolean;
  /** Why no history is written at present, where the disk is the reason. */
  readonly historyPaused: () => Promise<HistoryPause | undefined>;
  /** The dashboards of the installation that are there; undefined where this one is alone. */
  readonly dashboards: () => SettingView["dashboards"];
  /** Host names that are protected because they were used, by name (spec 30 section 6.1). */
  readonly seenHosts: () => readonly SeenHost[];
  readonly bodyLimit: number;
  readonly mayReach: ProviderCommandDeps["mayReach"];
}

/** The settings that can be changed while the dashboard runs (spec 10 section 14). */
export interface Settings {
  readonly routes: readonly AnyRoute[];
  /** What somebody not signed in would get. */
  guestView(): SettingView;
}

export function createSettings(deps: SettingsDeps): Settings {
  const { config, shownTemplates } = deps;
  const view = (caller: Caller, choices: readonly FrontendTemplate[], historyPaused?: HistoryPause): SettingView =>
    settingView(caller, config.current, { ...deps, templates: choices, historyPaused });
  return {
    guestView: () => view(GUEST, []),
    routes: [
      ...settingRoutes({
        commands: createSettingCommands(deps),
        view: async (caller) => (isAdmin(caller) ? view(caller, await shownTemplates(), await deps.historyPaused()) : view(caller, [])),
        current: () => config.current,
        bodyLimit: deps.bodyLimit,
      }),
      ...providerRoutes(createProviderCommands(deps)),
    ],
  };
}
