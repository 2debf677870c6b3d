import { isAdmin, refuse, shareOf, sightOf, userOf } from "#kernel";
import type { Caller } from "#kernel";
import { scopeCovers } from "@windfire/api";
import type { Scope } from "@windfire/api";

/** A row that belongs to a user. */
export interface Owned {
  readonly ownerId: number;
}

export interface OwnedServer extends Owned {
  readonly id: number;
}

export interface ViewedServer extends OwnedServer {
  readonly hideForGuest: boolean;
}

/** Base rule (spec 10 section 13.1): administrators any row, members their own, viewers and guests none. */
export function canManage(caller: Caller, row: Owned): boolean {
  const user = userOf(caller);
  return user !== undefined && user.sight === undefined && (isAdmin(caller) || user.id === row.ownerId);
}

/** A token with a server list may touch only these servers, before any other right is looked at (section 12.6). */
export function reachesServer(caller: Caller, serverId: number): boolean {
  const listed = serverListOf(caller);
  return listed === undefined || listed.has(serverId);
}

/** The server list of a token, `undefined` when the caller has none and so no such limit. */
export function serverListOf(caller: Caller): ReadonlySet<number> | undefined {
  return caller.kind === "token" && caller.serverIds !== null && caller.serverIds.size > 0 ? caller.serverIds : undefined;
}

export function canManageServer(caller: Caller, server: OwnedServer): boolean {
  return reachesServer(caller, server.id) && canManage(caller, server);
}

/** Who sees a server on public views (section 13.4): a hidden one only who sees it in full. A share link shows its own servers alone. */
export function canViewServer(caller: Caller, server: ViewedServer): boolean {
  const share = shareOf(caller);
  if (share) return share.has("server", server.id);
  return reachesServer(caller, server.id) && (!server.hideForGuest || seesServerInFull(caller, server));
}

/** Whether a caller sees everything of a server, or the reduced form for strangers: who may manage it, and its viewers. */
export function seesServerInFull(caller: Caller, server: OwnedServer): boolean {
  return canManageServer(caller, server) || (sightOf(caller)?.has(server.id) === true && reachesServer(caller, server.id));
}

/** Tokens need every scope named (exact, `nezha:*`, `nezha:<resource>:*`); people signed in skip scopes. */
export function hasScope(caller: Caller, scope: Scope): boolean {
  return caller.kind === "session" || (caller.kind === "token" && scopeCovers(caller.scopes, scope));
}

/** Throws `permission denied` unless the caller may manage every row given. Unknown ids are the caller's to refuse before. */
export function requireManage(caller: Caller, rows: Iterable<Owned>): void {
  for (const row of rows) if (!canManage(caller, row)) throw refuse("permission denied");
}

export function requireManageServers(caller: Caller, servers: Iterable<OwnedServer>): void {
  for (const server of servers) if (!canManageServer(caller, server)) throw refuse("permission denied");
}

/**
 * A notification group named by a service, cron or alert rule: 0 is none; it must exist and be the caller's (section 13.2).
 * @param ownerOf owner of a group, `undefined` when there is no such group
 * @param stored the group that the row names already, which may be gone
 */
export function requireNotificationGroup(
  caller: Caller,
  groupId: number,
  ownerOf: (groupId: number) => number | undefined,
  stored = 0,
): void {
  if (groupId === 0) return;
  const ownerId = ownerOf(groupId);
  if (ownerId === undefined && groupId === stored) return;
  if (ownerId === undefined) throw refuse("notification group id %d does not exist", groupId);
  if (!canManage(caller, { ownerId })) throw refuse("permission denied");
}

/**
 * Whether a row of somebody's may tell a notification group, asked whenever it tells: its owner may have lost since what they were when it
 * was saved. Rows of administrators and of nobody tell any group. Groups of administrators are told by any row that names them: only an
 * administrator can have said so, and who ceases to be one loses what they named.
 */
export function mayTellGroup(ownerId: number, group: Owned, ownsEverything: (userId: number) => boolean): boolean {
  return group.ownerId === ownerId || ownsEverything(ownerId) || ownsEverything(group.ownerId);
}

/**
 * Crons that a service or alert rule starts (GHSA-rxf6-wjh4-jfj6): each must exist and be the caller's, and a token needs the right to
 * run crons besides. No crons, no such scope.
 *
 * @param stored crons that the row names already, some of which may be gone
 */
export function requireTriggerTasks(
  caller: Caller,
  cronIds: Iterable<number>,
  ownerOf: (cronId: number) => number | undefined,
  stored: readonly number[] = [],
): void {
  const ids = [...new Set(cronIds)];
  for (const id of ids) {
    const ownerId = ownerOf(id);
    if (ownerId === undefined && stored.includes(id)) continue;
    if (ownerId === undefined) throw refuse("task id %d does not exist", id);
    if (!canManage(caller, { ownerId })) throw refuse("permission denied");
  }
  if (ids.length > 0 && !hasScope(caller, "nezha:cron:exec")) throw refuse("permission denied");
}
