import { refuse, shareOf, sightOf } from "#kernel";
import type { Caller } from "#kernel";
import { canManage, canManageServer, serverListOf } from "./policy.ts";
import type { Owned, OwnedServer } from "./policy.ts";

/**
 * Which servers a record addresses (spec 10 section 13.3), whatever numbers its kind uses for it.
 *
 * - `except`: everything the record's owner reaches but the list.
 * - `only`: the list.
 * - `trigger`: the server that raised the alert; the list narrows nothing.
 */
export interface Coverage {
  readonly mode: "except" | "only" | "trigger";
  readonly serverIds: readonly number[];
}

/** What the rules ask about servers; the room that holds them answers. */
export interface ServerReach {
  server(id: number): OwnedServer | undefined;
  /** Ids of all servers an owner's records may address: all servers for administrators and the global owner 0, else his own. */
  reachOf(ownerId: number): Iterable<number>;
  /** False for users that are gone; the global owner 0 is there. */
  isOwner(ownerId: number): boolean;
}

/** Cron: 0 only, 1 except, 2 trigger; `undefined` for any other number. */
export function cronCoverage(cover: number, serverIds: readonly number[]): Coverage | undefined {
  const mode = (["only", "except", "trigger"] as const)[cover];
  return mode && { mode, serverIds };
}

/** Service and alert rule entry: 0 except, 1 only; flags that are false do not count. */
export function flaggedCoverage(cover: number, flags: Readonly<Record<string, boolean>>): Coverage | undefined {
  const mode = (["except", "only"] as const)[cover];
  return (
    mode && {
      mode,
      serverIds: Object.keys(flags)
        .filter((id) => flags[id])
        .map(Number),
    }
  );
}

/**
 * Whether a token's server list lets its holder touch a record (section 13.3). Callers without such a list pass. A record whose cover
 * number is unknown (`undefined`) never passes it. The record **owner's** servers count, not the caller's (GHSA-99gv-2m7h-3hh9).
 */
export function tokenReaches(
  caller: Caller,
  ownerId: number,
  coverage: Coverage | undefined,
  servers: Pick<ServerReach, "reachOf" | "isOwner">,
): boolean {
  const listed = serverListOf(caller);
  if (!listed) return true;
  if (!coverage) return false;
  if (coverage.mode !== "except") return coverage.serverIds.every((id) => listed.has(id));
  // Nobody can say what everything but a list would be of an owner who is gone.
  if (!servers.isOwner(ownerId)) return false;
  const denied = new Set(coverage.serverIds);
  for (const id of servers.reachOf(ownerId)) if (!listed.has(id) && !denied.has(id)) return false;
  return true;
}

/** Base rule and token rule together: cron, service (one coverage), alert rule (one for each entry). */
export function canManageCovering(
  caller: Caller,
  row: Owned,
  coverages: readonly (Coverage | undefined)[],
  servers: Pick<ServerReach, "reachOf" | "isOwner">,
): boolean {
  return canManage(caller, row) && coverages.every((coverage) => tokenReaches(caller, row.ownerId, coverage, servers));
}

/**
 * `can-view-service` (spec 11 section 0.5): hidden ones only for who may manage them, and viewers of all servers that they address. A share
 * link shows its own services alone.
 */
export function canViewService(
  caller: Caller,
  service: Owned & { readonly id: number; readonly hideForGuest: boolean; readonly coverage: Coverage | undefined },
  servers: Pick<ServerReach, "reachOf" | "isOwner">,
): boolean {
  const share = shareOf(caller);
  if (share) return share.has("service", service.id);
  if (!service.hideForGuest || canManageCovering(caller, service, [service.coverage], servers)) return true;
  const sight = sightOf(caller);
  if (!sight || service.coverage === undefined || !servers.isOwner(service.ownerId)) return false;
  const addressed = addressedBy(service.ownerId, service.coverage, servers);
  return addressed.length > 0 && addressed.every((id) => sight.has(id)) && tokenReaches(caller, service.ownerId, service.coverage, servers);
}

function addressedBy(ownerId: number, { mode, serverIds }: Coverage, servers: Pick<ServerReach, "reachOf">): readonly number[] {
  if (mode !== "except") return serverIds;
  return [...servers.reachOf(ownerId)].filter((id) => !serverIds.includes(id));
}

/**
 * What a cron or service may be written with (section 13.3): an exclusion names servers the owner reaches, an inclusion servers the
 * caller may manage, and a token must cover what the record will address.
 *
 * @param stored what the record names already: older programs let it name anything, and whom it addresses is decided anew at each use
 * @throws {AppError} `server id %d does not exist`, `permission denied`
 */
export function requireCoverage(
  caller: Caller,
  ownerId: number,
  coverage: Coverage | undefined,
  servers: ServerReach,
  stored: readonly number[] = [],
): void {
  if (!coverage) throw refuse("permission denied");
  const known = new Set(stored);
  const named = coverage.serverIds
    .filter((id) => !known.has(id))
    .map((id) => {
      const server = servers.server(id);
      if (!server) throw refuse("server id %d does not exist", id);
      return server;
    });
  const allowed = coverage.mode === "except" ? reachTest(ownerId, servers) : (server: OwnedServer) => canManageServer(caller, server);
  if (!named.every(allowed) || !tokenReaches(caller, ownerId, coverage, servers)) throw refuse("permission denied");
}

function reachTest(ownerId: number, servers: ServerReach): (server: OwnedServer) => boolean {
  const reach = new Set(servers.reachOf(ownerId));
  return (server) => reach.has(server.id);
}
