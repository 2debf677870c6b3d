import type { Clock, RandomBytes } from "@windfire/kit";
import type { Waf } from "#access/protection";
import type { AuditLog } from "#platform/audit";
import type { Config, ConfigStore } from "#platform/config";
import type { Database, Queries } from "#platform/database";
import type { Outbound } from "#platform/outbound";
import { createLocalTickets } from "#platform/tickets";
import type { TicketOffice } from "#platform/tickets";
import { createBindingCommands } from "./binding-commands.ts";
import type { BindingCommands } from "./binding-commands.ts";
import { bindingKind, bindingStore } from "./binding-store.ts";
import { createOAuth2Flows } from "./flows.ts";
import type { OAuth2Flows } from "./flows.ts";
import { createOAuth2Client } from "./client.ts";
import { createProviders } from "./provider.ts";
import { createProviderFetch } from "./provider-fetch.ts";
import { createOAuth2States } from "./states.ts";

/** What of the configuration concerns this room; read when it is needed. */
export interface OAuth2Config extends Pick<ConfigStore, "isReservedHost"> {
  readonly current: Pick<Config, "dashboardHost" | "oauth2">;
}

export interface OAuth2Deps {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly config: OAuth2Config;
  readonly database: Pick<Database, "change" | "keep">;
  readonly audit: Pick<AuditLog, "write">;
  readonly waf: Waf;
  /** Keeps flows that have begun. Without it this process does, in memory. */
  readonly tickets?: TicketOffice;
  /** Asks the providers that the operator has configured. */
  readonly outbound: Pick<Outbound, "send">;
  /** What whoever runs the dashboard should know. */
  readonly warn: (text: string) => void;
  readonly isUser: (id: number) => boolean;
}

/** Sign-in through other people's accounts (spec 10 section 8): flows with providers, and who is bound to which account there. */
export interface OAuth2 extends OAuth2Flows, Pick<BindingCommands, "bindNew" | "removeUsers"> {
  /** Whether a user has a way in through a provider, as the transaction sees it. */
  hasBinding(tx: Queries, userId: number): Promise<boolean>;
  /** Whether a flow with this key can still be finished. */
  isWaiting(key: string): boolean;
  start(): void;
}

/** Loads all bindings and puts the room together. */
export async function createOAuth2(deps: OAuth2Deps): Promise<OAuth2> {
  const { clock, config, random } = deps;
  const fetch = createProviderFetch(deps.outbound);
  const states = await createOAuth2States({ random, tickets: deps.tickets ?? createLocalTickets(clock) });
  const bindings = await deps.database.keep(bindingKind);
  const commands = createBindingCommands({ ...deps, now: () => clock.now() });
  const flows = createOAuth2Flows({
    providers: () => config.current.oauth2,
    dashboardHost: () => config.current.dashboardHost,
    isReservedHost: (host) => config.isReservedHost(host),
    states,
    client: createOAuth2Client({ fetch }),
    complete: createProviders({ clock, fetch }).complete,
    bindings,
    commands,
    isUser: deps.isUser,
    waf: deps.waf,
  });
  return {
    ...flows,
    hasBinding: async (tx, userId) => (await bindingStore.ofUser(tx, userId)).length > 0,
    bindNew: commands.bindNew,
    removeUsers: commands.removeUsers,
    isWaiting: states.isWaiting,
    start() {
      if (Object.keys(config.current.oauth2).length > 0 && config.current.dashboardHost === "")
        deps.warn("sign-in through OAuth2 works only on hosts named in the configuration: set dashboard_host");
    },
  };
}
