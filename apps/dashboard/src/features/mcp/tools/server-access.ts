import { canManageServer, reachesServer, seesServerInFull } from "#access/policy";
import type { LiveServer, ServerDirectory } from "#features/servers";
import type { TokenCaller } from "#kernel";
import { supportsMcp } from "../agent-version.ts";
import { denied, invalid, McpFailure, offline } from "../model.ts";

/**
 * The server a tool is to work on (spec 40 section 9.1). The token's list is looked at first, so that it tells nothing of other servers.
 *
 * @throws {McpFailure}
 */
export function requireServer(
  servers: Pick<ServerDirectory, "get">,
  caller: TokenCaller,
  serverId: number,
  mayTouch = canManageServer,
): LiveServer {
  if (serverId === 0) throw invalid("server_id required");
  if (!reachesServer(caller, serverId)) throw denied();
  const server = servers.get(serverId);
  if (!server) throw offline();
  if (!mayTouch(caller, server.settings)) throw denied();
  return server;
}

/** As {@link requireServer}, for what is read alone. */
export function requireSeenServer(servers: Pick<ServerDirectory, "get">, caller: TokenCaller, serverId: number): LiveServer {
  return requireServer(servers, caller, serverId, seesServerInFull);
}

/** As {@link requireServer}, for what the agent has to know how to do (section 9.2). */
export function requireAgent(servers: Pick<ServerDirectory, "get">, caller: TokenCaller, serverId: number): LiveServer {
  const server = requireServer(servers, caller, serverId);
  if (supportsMcp(server.host?.version ?? "")) return server;
  throw new McpFailure("unsupported_agent", "agent does not support this MCP capability; please upgrade the agent");
}

const SHA256 = /^[0-9a-f]{64}$/i;

/** A precondition by hash: none, or 64 hex digits. */
export function requireHash(hash: string): void {
  if (hash !== "" && !SHA256.test(hash)) throw invalid("if_match_sha256 must be 64 hex chars");
}

export function requirePath(path: string): void {
  if (path === "") throw invalid("path required");
}
