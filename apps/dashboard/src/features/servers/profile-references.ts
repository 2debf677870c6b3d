import type { Cascade } from "#platform/database";
import type { Server } from "./model.ts";
import { serverKind, serverStore } from "./store.ts";

/** Takes part in the deletion of DDNS profiles: servers forget them. */
export const forgetProfiles: Cascade = async (tx, profileIds, changes) => {
  const gone = new Set(profileIds);
  for (const before of await serverKind.load(tx)) {
    const after = withoutProfiles(before, gone);
    if (after === before) continue;
    await serverStore.setProfiles(tx, after);
    changes.put(serverKind.name, after.id);
  }
};

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
