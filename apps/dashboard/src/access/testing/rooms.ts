import { createIdentity } from "#access/identity";
import type { Identity, IdentityConfig, IdentityDeps } from "#access/identity";
import { createOAuth2 } from "#access/oauth2";
import type { OAuth2Config } from "#access/oauth2";
import { createProtection } from "#access/protection";
import type { Protection } from "#access/protection";

/** What all rooms of this floor need together. */
export interface AccessDeps extends Omit<IdentityDeps, "config" | "oauth2" | "waf"> {
  readonly config: { readonly current: IdentityConfig["current"] & OAuth2Config["current"] } & OAuth2Config;
  readonly fetch: typeof fetch;
  readonly warn: (text: string) => void;
  readonly pageSize: number;
}

/** All rooms of this floor as one. */
export interface Access extends Identity, Protection {}

/** Puts the rooms together as the program does. */
export async function createAccess(deps: AccessDeps): Promise<Access> {
  const protection = await createProtection({
    ...deps,
    tokenExpiry: (id) => identity.tokens.expiryOf(id),
    endSessionsAt: (ips) => identity.sessions.endByAddress(ips),
  });
  const { waf, online, liveConnections } = protection;
  const oauth2 = createOAuth2({ ...deps, waf, isUser: (id) => identity.users.get(id) !== undefined });
  const identity: Identity = await createIdentity({ ...deps, waf, oauth2 });
  return {
    ...identity,
    waf,
    online,
    liveConnections,
    routes: [...identity.routes, ...protection.routes],
    get stats() {
      return identity.stats;
    },
    start() {
      for (const room of [protection, oauth2, identity]) room.start();
    },
    async stop() {
      await protection.stop();
      await identity.stop();
    },
  };
}
