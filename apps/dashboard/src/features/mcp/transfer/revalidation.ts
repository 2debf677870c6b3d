import { scopeCovers } from "@windfire/api";
import { canManageServer } from "#access/policy";
import type { Token, Users } from "#access/identity";
import type { ServerDirectory } from "#features/servers";
import type { TokenCaller } from "#kernel";
import { DISABLED_TEXT } from "../model.ts";
import type { McpFailure } from "../model.ts";
import { refused } from "./urls.ts";
import type { TransferWish } from "./urls.ts";

export interface RevalidationDeps {
  readonly isEnabled: () => boolean;
  readonly now: () => number;
  readonly findToken: (id: number) => Token | undefined;
  readonly users: Pick<Users, "get">;
  readonly servers: Pick<ServerDirectory, "get">;
}

const NEEDED = { download: "nezha:server:read", upload: "nezha:server:write" } as const;

/**
 * Whoever minted a link must still be allowed to do what it does: nothing is trusted from then (spec 40 section 12.3).
 * Answers who acts, or why not.
 */
export async function revalidate(deps: RevalidationDeps, wish: TransferWish): Promise<TokenCaller | McpFailure> {
  if (!deps.isEnabled()) return refused("mcp_disabled", DISABLED_TEXT);
  const token = deps.findToken(wish.tokenId);
  if (token?.userId !== wish.userId) return refused("permission_denied", "originating api token no longer exists");
  if (token.expiresAt !== null && token.expiresAt.epochMs < deps.now()) return refused("scope_denied", "originating api token expired");
  const scopes = token.scopes ?? [];
  if (!scopeCovers(scopes, NEEDED[wish.direction])) return refused("scope_denied", "originating api token no longer has required scope");
  const account = deps.users.get(wish.userId);
  const user = account?.user;
  const caller = {
    kind: "token",
    tokenId: token.id,
    scopes,
    serverIds: token.serverIds.length > 0 ? new Set(token.serverIds) : null,
  } as const;
  const server = deps.servers.get(wish.serverId);
  if (caller.serverIds?.has(wish.serverId) === false)
    return refused("scope_denied", "originating api token no longer covers target server");
  if (!server) return refused("permission_denied", "target server no longer exists");
  if (!user) return refused("permission_denied", "originating user no longer exists");
  if (account?.disabled) return refused("permission_denied", "originating user is disabled");
  const acting: TokenCaller = { ...caller, user };
  if (canManageServer(acting, server.settings)) return acting;
  return refused("permission_denied", "target server is no longer owned by the originating user");
}
