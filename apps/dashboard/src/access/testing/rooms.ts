import { createFactorRoom } from "#access/factors";
import { createIdentity } from "#access/identity";
import type { Identity, IdentityConfig, IdentityDeps } from "#access/identity";
import { createOAuth2 } from "#access/oauth2";
import type { OAuth2Config } from "#access/oauth2";
import { createProtection } from "#access/protection";
import type { Protection } from "#access/protection";
import { createAuditLog } from "#platform/audit";
import type { Outbound } from "#platform/outbound";
import type { Sealing } from "#platform/sealing";

/** What all rooms of this floor need together. */
export interface AccessDeps extends Omit<IdentityDeps, "audit" | "config" | "factors" | "oauth2" | "shared" | "waf"> {
  readonly config: { readonly current: IdentityConfig["current"] & OAuth2Config["current"] } & OAuth2Config;
  readonly outbound: Pick<Outbound, "send">;
  readonly sealing: Sealing;
  readonly warn: (text: string) => void;
  readonly pageSize: number;
}

/** All rooms of this floor as one. */
export interface Access extends Identity, Protection {
  /** Bans and their strikes are forgotten. */
  unblock(ips: readonly string[]): Promise<void>;
}

/** Puts the rooms together as the program does. */
export async function createAccess(needs: AccessDeps): Promise<Access> {
  const deps = { ...needs, audit: createAuditLog({ database: needs.database, now: () => needs.clock.now() }) };
  const protection = await createProtection({
    ...deps,
    tokenExpiry: (id) => identity.tokens.expiryOf(id),
    endSessionsAt: (tx, changes, ips) => identity.sessions.endByAddress(tx, changes, ips),
  });
  const { waf, online, liveConnections } = protection;
  const oauth2 = await createOAuth2({ ...deps, waf, isUser: (id) => identity.users.get(id) !== undefined });
  const factors = await createFactorRoom({ ...deps, now: () => deps.clock.now(), issuer: () => deps.config.current.siteName });
  const identity: Identity = await createIdentity({ ...deps, shared: () => undefined, waf, oauth2, factors });
  return {
    ...identity,
    waf,
    online,
    liveConnections,
    unblock: (ips) => deps.database.change(async (tx, changes) => waf.unblock(tx, changes, ips)),
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
