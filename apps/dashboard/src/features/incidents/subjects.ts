import { canManage, reachesServer, serverListOf } from "#access/policy";
import { refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import type { MaintenanceWindow, Snooze } from "./silences.ts";

/** What a silence may name. */
export type Subject = "rule" | "service" | "server" | "group";

/** Owner of a row that a silence may name, `undefined` when there is none. */
export type OwnerOf = (subject: Subject, id: number) => number | undefined;

/** @throws AppError for a token with a server list: what is held would be more than its servers */
export function requireNoServerList(caller: Caller): void {
  if (serverListOf(caller) !== undefined) throw refuse("permission denied");
}

/**
 * @param stored what the row that is replaced names already, which may be gone
 * @throws AppError for the first id that is not the caller's; rows of others and rows that are not there answer alike
 */
export function requireSubjects(
  ownerOf: OwnerOf,
  caller: Caller,
  subject: Subject,
  ids: readonly number[],
  stored: readonly number[] = [],
): void {
  for (const id of ids) {
    if (stored.includes(id)) continue;
    if (subject !== "server") requireNoServerList(caller);
    const ownerId = ownerOf(subject, id);
    const isTheirs = ownerId !== undefined && canManage(caller, { ownerId }) && (subject !== "server" || reachesServer(caller, id));
    if (!isTheirs) throw refuseText(`${subject} id ${id} does not exist`);
  }
}

type Silence = Pick<Snooze, "ownerId" | "scope" | "scopeId"> | Pick<MaintenanceWindow, "ownerId" | "serverIds" | "groupIds" | "serviceIds">;

/** Whether the caller may see and change a silence; a token with a server list has to reach all that it holds. */
export function isMine(caller: Caller, silence: Silence): boolean {
  if (!canManage(caller, silence)) return false;
  const serverIds = serversAlone(silence);
  return serverListOf(caller) === undefined || (serverIds !== undefined && serverIds.every((id) => reachesServer(caller, id)));
}

/** The servers that a silence names, `undefined` when it names other things. */
function serversAlone(silence: Silence): readonly number[] | undefined {
  if ("scope" in silence) return silence.scope === "server" ? [silence.scopeId] : undefined;
  return silence.groupIds.length + silence.serviceIds.length === 0 ? silence.serverIds : undefined;
}
