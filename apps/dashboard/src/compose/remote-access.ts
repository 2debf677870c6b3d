import { tmpdir } from "node:os";
import { blockPage } from "#access/protection";
import { createFiles } from "#features/files";
import type { Files } from "#features/files";
import { createMcp } from "#features/mcp";
import type { Mcp } from "#features/mcp";
import { createNat } from "#features/nat";
import type { Nat } from "#features/nat";
import { createTerminal } from "#features/terminal";
import type { Terminal } from "#features/terminal";
import { VERSION } from "../version.ts";
import type { Foundation } from "./foundation.ts";
import type { Later, Some } from "./rooms.ts";

const LINK_KEY_BYTES = 32;

/** What people do on a server through their browser. */
export function composeSessions(
  { clock, limits: { sockets }, onError, translate }: Foundation,
  { fleet, protection, servers }: Some<"fleet" | "protection" | "servers">,
): { readonly terminal: Terminal; readonly files: Files } {
  const sessions = {
    clock,
    servers: servers.directory,
    agents: fleet.agents,
    connections: protection.liveConnections,
    unreadBytes: sockets.streamBacklogBytes,
    goodbye: () => translate("The dashboard is stopping. Open the terminal again."),
    onError: onError("relay"),
  };
  return {
    terminal: createTerminal({ ...sessions, maxMessage: sockets.terminalMessageBytes }),
    files: createFiles({ ...sessions, maxMessage: sockets.fileMessageBytes }),
  };
}

/** Host names that lead to what a server can reach. */
export function composeNat(
  base: Foundation,
  { fleet, identity, servers }: Some<"fleet" | "identity" | "servers">,
  later: Later<"statusPages">,
): Promise<Nat> {
  const { audit, clock, config, database, now, onError, requireRoom, translate } = base;
  return createNat({
    database,
    audit,
    now,
    requireRoom,
    translate,
    servers: servers.directory,
    agents: fleet.agents,
    blockPage,
    ownCredentials: identity.ownCredentials,
    after: (ms, run) => clock.setTimeout(run, ms),
    ownsEverything: identity.users.ownsEverything,
    isReservedHost: (host) => config.isReservedHost(host) || later().statusPages.hasHost(host),
    dashboardHost: () => config.current.dashboardHost,
    onError: onError("nat"),
  });
}

/** What language models do on servers. */
export function composeMcp(
  base: Foundation,
  { fleet, identity, protection, servers }: Some<"fleet" | "identity" | "protection" | "servers">,
): Promise<Mcp> {
  const { audit, budgets, clock, config, database, facts, log, onError, random, sealing, share, tickets } = base;
  return createMcp({
    audit,
    clock,
    random,
    database,
    facts,
    config,
    tokens: identity.tokens,
    users: identity.users,
    waf: protection.waf,
    connections: protection.liveConnections,
    servers: servers.directory,
    agents: fleet.agents,
    budgets,
    share,
    tickets,
    linkKey: sealing.derive("links of transfers", LINK_KEY_BYTES),
    version: VERSION,
    spoolDirectory: tmpdir(),
    log: log.child("mcp"),
    onError: onError("mcp"),
  });
}
