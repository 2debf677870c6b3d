import { canViewServer, seesServerInFull } from "#access/policy";
import type { LiveServer } from "#features/servers";
import { isAdmin, shareOf, userOf } from "#kernel";
import type { Caller } from "#kernel";

/**
 * Viewers who see exactly the same (spec 11 section 3.2): guests, administrators, one member, one token, one share link. Different tokens never share.
 */
export function classOf(caller: Caller): string {
  if (caller.kind === "token") return `token ${caller.tokenId}`;
  const share = shareOf(caller);
  if (share) return `share link ${share.linkId}`;
  return isAdmin(caller) ? "admin" : `user ${userOf(caller)?.id ?? "guest"}`;
}

/**
 * The frame's text for one class (spec 11 section 3.1). `first` frames carry the public notes, which clients keep.
 *
 * @param now Unix milliseconds; written in whole seconds.
 * @param online open streams, guests included.
 * @param condition members that say what a server is like now, rendered.
 */
export function frameText(
  caller: Caller,
  servers: readonly LiveServer[],
  options: { first: boolean; online: number; now: number; condition: (server: LiveServer) => readonly string[] },
): string {
  let list = "";
  for (const server of servers) {
    const { settings } = server;
    if (!canViewServer(caller, settings)) continue;
    list += `${list === "" ? "" : ","}${serverText(server, { full: seesServerInFull(caller, settings), note: options.first, condition: options.condition(server) })}`;
  }
  const now = Math.floor(options.now / 1000) * 1000;
  return `{"now":${now}${options.online > 0 ? `,"online":${options.online}` : ""}${list === "" ? "" : `,"servers":[${list}]`}}`;
}

function serverText(server: LiveServer, options: { full: boolean; note: boolean; condition: readonly string[] }): string {
  const { id, name, publicNote, displayIndex } = server.settings;
  const { countryCode } = server.address;
  let text = `{"id":${id}`;
  if (name !== "") text += `,"name":${JSON.stringify(name)}`;
  if (options.note && publicNote !== "") text += `,"public_note":${JSON.stringify(publicNote)}`;
  if (displayIndex !== 0) text += `,"display_index":${displayIndex}`;
  text += `,"host":${server.hostJson(!options.full)},"state":${server.stateJson}`;
  if (countryCode !== "") text += `,"country_code":${JSON.stringify(countryCode)}`;
  return `${text},"last_active":${server.lastActiveJson},${options.condition.join(",")}}`;
}
