import type { SeenHost as SeenHostView } from "@windfire/api";
import type { ServerDirectory } from "#features/servers";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createNatCommands } from "./commands.ts";
import type { NatDeps } from "./commands.ts";
import { followProfiles } from "./follow.ts";
import type { NatProfile } from "./model.ts";
import { createProtection } from "./protection.ts";
import type { ProtectionDeps } from "./protection.ts";
import { natRoutes, seenHostRoute, shownHost } from "./routes.ts";
import { createSeenHosts } from "./seen-hosts.ts";
import type { SeenHosts } from "./seen-hosts.ts";
import { natKind } from "./store.ts";
import { createTunnel } from "./tunnel.ts";
import type { TunnelDeps } from "./tunnel.ts";
import { createTunnelIndex } from "./tunnel-index.ts";

/** What the room needs of others. */
export interface NatRoomDeps {
  readonly database: Database;
  readonly audit: NatDeps["audit"];
  readonly agents: TunnelDeps["agents"];
  readonly servers: ServerDirectory;
  readonly now: () => number;
  readonly after: TunnelDeps["after"];
  readonly ownsEverything: TunnelDeps["ownsEverything"];
  readonly ownCredentials: TunnelDeps["ownCredentials"];
  readonly dashboardHost: NatDeps["dashboardHost"];
  readonly isReservedHost: ProtectionDeps["isReservedHost"];
  readonly requireRoom: NatDeps["requireRoom"];
  readonly translate: TunnelDeps["translate"];
  readonly blockPage: TunnelDeps["blockPage"];
  readonly onError: (error: unknown) => void;
}

export interface Nat {
  readonly routes: readonly AnyRoute[];
  /** Takes requests for tunnelled host names off the listener. */
  readonly tunnel: ReturnType<typeof createTunnel>;
  /** Names that are protected because the dashboard was reached by them. */
  readonly seenHosts: SeenHosts;
  /** The same for administrators, by name. */
  readonly shownHosts: () => SeenHostView[];
  /** What goes with servers and users that are deleted. */
  /** Whether some tunnel of whatever port, spelling or state has this host (lower case, without port). */
  readonly hasHost: (host: string) => boolean;
  readonly cascades: { readonly servers: Cascade; readonly users: Cascade };
}

/** Loads all tunnels and puts the room together. */
export async function createNat(deps: NatRoomDeps): Promise<Nat> {
  const profiles = await deps.database.keep(natKind);
  const index = createTunnelIndex(profiles);
  const seenHosts = await createSeenHosts({ ...deps, hasTunnel: index.hasHost });
  const protection = createProtection({ ...deps, seenBy: seenHosts.seenBy });
  const commands = createNatCommands({ ...deps, profiles, protection });
  const profile = (authority: string): NatProfile | undefined => {
    const found = index.byAuthority(authority);
    return found && protection.blocked(found) === undefined ? found : undefined;
  };
  const tunnel = createTunnel({ ...deps, profile });
  followProfiles(profiles, tunnel);
  const routes = [...natRoutes(commands, protection), seenHostRoute(seenHosts)];
  return {
    routes,
    tunnel,
    seenHosts,
    hasHost: index.hasHost,
    shownHosts: () => seenHosts.list().map(shownHost),
    cascades: commands.cascades,
  };
}
