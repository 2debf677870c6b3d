import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import type { Users } from "./accounts.ts";
import { BLOCKED_MESSAGE, realIp } from "#access/protection";
import type { Waf } from "#access/protection";

/** What the agents' calls ask of this room (spec 20 sections 3.2 to 3.4). */
export interface AgentAccess {
  /** Before anything else: the real address, and whether it is blocked. `refused` is the text of status UNKNOWN. */
  address(peer: string, metadata: (name: string) => string | undefined): { readonly ip: string } | { readonly refused: string };
  /** Whose secret it is; 0 for the global one. */
  userOfSecret(secret: string): number | undefined;
  /** Malformed UUID or unknown secret. */
  strike(ip: string): void;
  /** The secret was recognised. */
  forgive(ip: string): void;
}

export function createAgentAccess(deps: { realIpHeader: () => string; users: Users; waf: Waf }): AgentAccess {
  const { waf } = deps;
  return {
    address(peer, metadata) {
      const result = realIp(deps.realIpHeader(), peer, metadata);
      if ("error" in result) return { refused: result.error };
      return waf.blocked(result.ip) ? { refused: BLOCKED_MESSAGE } : result;
    },
    userOfSecret: (secret) => deps.users.bySecret(secret),
    strike: (ip) => void waf.strike(ip, BLOCK_REASON.agent, BLOCK_IDENTIFIER.agent),
    forgive: (ip) => void waf.forgive(ip, BLOCK_IDENTIFIER.agent),
  };
}
