import type { Clock, RandomBytes } from "@windfire/kit";
import type { Waf } from "#access/protection";
import type { Config, ConfigStore } from "#platform/config";
import type { Database } from "#platform/database";
import { createOAuth2Bindings } from "./bindings.ts";
import type { OAuth2Bindings } from "./bindings.ts";
import { createOAuth2Flows } from "./flows.ts";
import type { OAuth2Flows } from "./flows.ts";
import { createOAuth2Client } from "./provider.ts";
import { createOAuth2States } from "./states.ts";

/** What of the configuration concerns this room; read when it is needed. */
export interface OAuth2Config extends Pick<ConfigStore, "isReservedHost"> {
  readonly current: Pick<Config, "dashboardHost" | "oauth2">;
}

export interface OAuth2Deps {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly config: OAuth2Config;
  readonly database: Database;
  readonly waf: Waf;
  /** For the providers the operator has configured: redirects are followed. */
  readonly fetch: typeof fetch;
  /** What whoever runs the dashboard should know. */
  readonly warn: (text: string) => void;
  readonly isUser: (id: number) => boolean;
}

/** Sign-in through other people's accounts (spec 10 section 8): flows with providers, and who is bound to which account there. */
export interface OAuth2 extends OAuth2Flows, Pick<OAuth2Bindings, "ofUser" | "removeUsers"> {
  /** Whether a flow with this key can still be finished. */
  isWaiting(key: string): boolean;
  start(): void;
}

export function createOAuth2(deps: OAuth2Deps): OAuth2 {
  const { clock, config, random } = deps;
  const states = createOAuth2States({ clock, random });
  const bindings = createOAuth2Bindings(deps.database);
  const flows = createOAuth2Flows({
    now: () => clock.now(),
    providers: () => config.current.oauth2,
    dashboardHost: () => config.current.dashboardHost,
    isReservedHost: (host) => config.isReservedHost(host),
    states,
    client: createOAuth2Client(deps),
    bindings,
    isUser: deps.isUser,
    waf: deps.waf,
  });
  return {
    ...flows,
    ofUser: bindings.ofUser,
    removeUsers: bindings.removeUsers,
    isWaiting: states.isWaiting,
    start() {
      if (Object.keys(config.current.oauth2).length > 0 && config.current.dashboardHost === "")
        deps.warn("sign-in through OAuth2 works only on hosts named in the configuration: set dashboard_host");
    },
  };
}
