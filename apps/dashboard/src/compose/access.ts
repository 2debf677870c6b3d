import { createIdentity } from "#access/identity";
import type { Identity } from "#access/identity";
import { createOAuth2 } from "#access/oauth2";
import { createProtection } from "#access/protection";
import type { Cascade } from "#platform/database";
import { createPasswords } from "#platform/password";
import type { Foundation } from "./foundation.ts";

/** What the rooms of access need of rooms above them; called later. */
export interface AccessNeeds {
  readonly ownerOfServer: (serverId: number) => number | undefined;
  readonly onSession: (host: string, userId: number) => void;
  readonly cascades: readonly Cascade[];
}

/** Who may come in. */
export async function composeAccess(base: Foundation, needs: AccessNeeds) {
  const { limits } = base;
  const log = base.log.child("access");
  const protection = await createProtection({
    ...base,
    onError: base.onError("access"),
    tokenExpiry: (id) => identity.tokens.expiryOf(id),
    endSessionsAt: (tx, changes, ips) => identity.sessions.endByAddress(tx, changes, ips),
    pageSize: limits.lists.pageSize,
  });
  const { waf } = protection;
  const oauth2 = await createOAuth2({
    ...base,
    waf,
    fetch,
    warn: (text) => log.warn(text),
    isUser: (id) => identity.users.get(id) !== undefined,
  });
  const identity: Identity = await createIdentity({
    ...base,
    ...needs,
    waf,
    oauth2,
    passwords: createPasswords(),
    onError: base.onError("access"),
    adminPassword: base.env["NZ_ADMIN_PASSWORD"],
    showFirstPassword: ({ username, password }) => base.log.announce(`First start: sign in as ${username} with the password ${password}`),
    rowsPerMember: limits.changeable.rowsPerMember,
  });
  return { protection, oauth2, identity };
}
