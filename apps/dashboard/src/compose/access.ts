import { createIdentity } from "#access/identity";
import type { Identity } from "#access/identity";
import { createFactorRoom } from "#access/factors";
import type { FactorRoom } from "#access/factors";
import { createOAuth2, providerAddresses } from "#access/oauth2";
import type { OAuth2 } from "#access/oauth2";
import { createProtection } from "#access/protection";
import type { Waf } from "#access/protection";
import { createOutbound } from "#platform/outbound";
import type { Cascade } from "#platform/database";
import { createPasswords } from "#platform/password";
import type { Cascades } from "./cascades.ts";
import type { Foundation } from "./foundation.ts";
import { handOverRows, ownedBy, ownedRows, serversOf } from "./owned-rows.ts";
import { groupOwnerOf } from "./reach.ts";
import type { Later, Some } from "./rooms.ts";

/** Who may come in. */
export async function composeAccess(
  base: Foundation,
  cascades: Cascades,
  later: Later<"alerts" | "cron" | "nat" | "notifications" | "replicas" | "reports" | "servers" | "services" | "shareLinks" | "transfers">,
): Promise<Some<"protection" | "oauth2" | "identity">> {
  const { audit, clock, config, database, facts, limits, log, onError, random } = base;
  const protection = await createProtection({
    clock,
    database,
    audit,
    facts,
    onError: onError("access"),
    tokenExpiry: (id) => identity.tokens.expiryOf(id),
    endSessionsAt: (tx, changes, ips) => identity.sessions.endByAddress(tx, changes, ips),
    onlineElsewhere: (most) => later().replicas.viewersElsewhere.list(most),
    pageSize: limits.lists.pageSize,
  });
  const { waf } = protection;
  const oauth2 = await createOAuth2({
    clock,
    random,
    config,
    database,
    audit,
    waf,
    tickets: base.tickets,
    outbound: createOutbound({
      clock: base.clock,
      limits: limits.oauth2.outbound,
      allowed: [...base.config.current.outboundAllow, ...providerAddresses(base.config.current.oauth2)],
    }),
    warn: (text) => log.child("access").warn(text),
    isUser: (id) => identity.users.get(id) !== undefined,
  });
  const factors = await createFactorRoom({
    clock,
    now: base.now,
    random,
    database,
    audit,
    sealing: base.sealing,
    tickets: base.tickets,
    issuer: () => config.current.siteName || "Windfire",
  });
  const identity = await composeIdentity(base, { waf, oauth2, factors }, cascades, later);
  return { protection, oauth2, identity };
}

function composeIdentity(
  base: Foundation,
  { waf, oauth2, factors }: { readonly waf: Waf; readonly oauth2: OAuth2; readonly factors: FactorRoom },
  cascades: Cascades,
  later: Later<"alerts" | "cron" | "nat" | "notifications" | "replicas" | "reports" | "servers" | "services" | "shareLinks" | "transfers">,
): Promise<Identity> {
  const { audit, clock, config, database, env, facts, limits, log, onError, random, share, translate } = base;
  return createIdentity({
    clock,
    random,
    config,
    database,
    audit,
    passwords: createPasswords(),
    facts,
    translate,
    onError: onError("access"),
    waf,
    share,
    oauth2,
    factors,
    shared: (visit) => later().shareLinks.of(visit),
    adminPassword: env["NZ_ADMIN_PASSWORD"],
    onSession: (host, userId) => later().nat.seenHosts.noteSession(host, userId),
    showFirstPassword: ({ username, password }) => log.announce(`First start: sign in as ${username} with the password ${password}`),
    tellGroup: (tx, changes, groupId, text) => later().notifications.deliveries.tell(tx, changes, groupId, { text, severity: "warning" }),
    notificationGroupOwner: (id) => groupOwnerOf(later().notifications)(id),
    countryOf: base.geoIp.countryOf,
    ownerOfServer: (id) => later().servers.directory.get(id)?.settings.ownerId,
    serversOfGroup: (id) => later().servers.groups.get(id)?.memberIds,
    rowsOf: ownedRows,
    rows: {
      ownedBy,
      handOver: handOverRows,
      serversOf,
      moveServers: (...move) => later().transfers.move(...move),
    },
    cascades: cascades.users,
    demotedCascades: (["alerts", "services", "cron", "reports", "notifications"] as const).map(
      (room): Cascade =>
        (...demoted) =>
          later()[room].cascades.demotedUsers(...demoted),
    ),
    rowsPerMember: limits.changeable.rowsPerMember,
  });
}
