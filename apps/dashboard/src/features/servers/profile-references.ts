import type { Cascade } from "#platform/database";
import type { ServerDirectory } from "./directory.ts";
import type { Server } from "./model.ts";
import type { ServerStore } from "./store.ts";

/** Takes part in the deletion of DDNS profiles: servers forget them. */
export function createProfileCascade(deps: { readonly store: ServerStore; readonly servers: ServerDirectory }): Cascade {
  return async (tx, profileIds, changes) => {
    const gone = new Set(profileIds);
    const rows = await deps.store.all(tx);
    const changed = rows.map((server) => withoutProfiles(server, gone)).filter((server, index) => server !== rows[index]);
    for (const server of changed) await deps.store.setProfiles(tx, server);
    changes.afterwards(() => {
      for (const server of changed) deps.servers.replace(server);
    });
  };
}

/** What is left of a server's settings when profiles are deleted; the server itself when it names none of them. */
function withoutProfiles(server: Server, gone: ReadonlySet<number>): Server {
  const isKept = ([id]: [string, unknown]): boolean => !gone.has(Number(id));
  const overrides = Object.entries(server.overrideDdnsDomains);
  if (overrides.every(isKept) && !server.ddnsProfiles.some((id) => gone.has(id))) return server;
  return {
    ...server,
    ddnsProfiles: server.ddnsProfiles.filter((id) => !gone.has(id)),
    overrideDdnsDomains: Object.fromEntries(overrides.filter(isKept)),
  };
}
