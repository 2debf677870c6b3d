import type { ServerConditions } from "./conditions.ts";
import type { LiveServer } from "./live-server.ts";
import { JsonMembers } from "./json-members.ts";

/**
 * Renders servers as `GET /server` gives them (spec 11 section 1.1), in UTF-8 and each with a comma before it. A server that did not change
 * is not rendered again: the same bytes say that it is the same.
 */
export function createServerJson(
  usernameOf: (userId: number) => string | undefined,
  conditions: ServerConditions,
): (servers: readonly LiveServer[]) => readonly Uint8Array[] {
  const rendered = new WeakMap<LiveServer, Rendered>();
  const encoder = new TextEncoder();
  const bytesOf = (server: LiveServer, username: string | undefined): Uint8Array => {
    const { revision } = server;
    const condition = conditions.members(server);
    const known = rendered.get(server);
    if (known?.revision === revision && known.username === username && known.condition === condition) return known.bytes;
    const bytes = encoder.encode(`,${render(server, username, condition.join(","))}`);
    rendered.set(server, { revision, username, condition, bytes });
    return bytes;
  };
  return (servers) => {
    // Few own many.
    const usernames = new Map<number, string | undefined>();
    return servers.map((server) => {
      const { ownerId } = server.settings;
      if (!usernames.has(ownerId)) usernames.set(ownerId, usernameOf(ownerId));
      return bytesOf(server, usernames.get(ownerId));
    });
  };
}

/** Bytes and what they were made of. */
interface Rendered {
  readonly revision: number;
  readonly username: string | undefined;
  readonly condition: readonly string[];
  readonly bytes: Uint8Array;
}

function render(server: LiveServer, username: string | undefined, condition: string): string {
  const { settings } = server;
  const members = new JsonMembers()
    .json("id", String(settings.id))
    .json("created_at", JSON.stringify(settings.createdAt))
    .json("updated_at", JSON.stringify(settings.updatedAt))
    .json("name", JSON.stringify(settings.name))
    .string("uuid", settings.uuid)
    .string("note", settings.note)
    .string("public_note", settings.publicNote)
    .json("display_index", String(settings.displayIndex));
  if (settings.hideForGuest) members.json("hide_for_guest", "true");
  if (settings.enableDdns) members.json("enable_ddns", "true");
  members.list("ddns_profiles", settings.ddnsProfiles);
  if (Object.keys(settings.overrideDdnsDomains).length > 0)
    members.json("override_ddns_domains", JSON.stringify(settings.overrideDdnsDomains));
  if (settings.reachedThrough) members.json("reached_through", JSON.stringify(settings.reachedThrough));
  members.list("tags", settings.tags);
  return members
    .json("host", server.hostJson(false))
    .json("state", server.stateJson)
    .json("geoip", server.geoJson)
    .json("last_active", server.lastActiveJson)
    .members(condition)
    .json("owner", JSON.stringify({ id: settings.ownerId, ...(username === undefined ? {} : { username }) }))
    .object();
}
