import type { Users } from "#access/identity";
import type { ServerReach } from "#access/policy";
import type { ServerDirectory } from "#features/servers";

/** Servers as the coverage rules ask for them. */
export function reachOf(directory: ServerDirectory, users: Users): ServerReach {
  return {
    server: (id) => directory.get(id)?.settings,
    isOwner: (id) => id === 0 || users.get(id) !== undefined,
    reachOf: (ownerId) => {
      const all = users.ownsEverything(ownerId);
      return directory
        .list()
        .filter((server) => all || server.settings.ownerId === ownerId)
        .map((server) => server.id);
    },
  };
}
