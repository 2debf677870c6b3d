import type { LiveServer } from "./live-server.ts";
import { JsonMembers } from "./model.ts";

/** Renders servers as `GET /server` gives them (spec 11 section 1.1); a server that did not change is not rendered again. */
export function createServerJson(usernameOf: (userId: number) => string | undefined): (server: LiveServer) => string {
  const rendered = new WeakMap<LiveServer, { readonly revision: number; readonly username: string | undefined; readonly text: string }>();
  return (server) => {
    const username = usernameOf(server.settings.ownerId);
    const known = rendered.get(server);
    if (known?.revision === server.revision && known.username === username) return known.text;
    const text = render(server, username);
    rendered.set(server, { revision: server.revision, username, text });
    return text;
  };
}

function render(server: LiveServer, username: string | undefined): string {
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
  return members
    .json("host", server.hostJson(false))
    .json("state", server.stateJson)
    .json("geoip", server.geoJson)
    .json("last_active", server.lastActiveJson)
    .json("owner", JSON.stringify({ id: settings.ownerId, ...(username === undefined ? {} : { username }) }))
    .object();
}
