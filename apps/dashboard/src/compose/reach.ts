import type { Users } from "#access/identity";
import type { ServerReach } from "#access/policy";
import type { Notifications } from "#features/notifications";
import type { ServerDirectory } from "#features/servers";
import type { Queries } from "#platform/database";

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

/**
 * Whether somebody may own rows, as a transaction sees it: a user who is being deleted gets no new ones, a viewer never. User 0 is the
 * global owner.
 */
export async function isUserRow(tx: Queries, userId: number): Promise<boolean> {
  if (userId === 0) return true;
  const viewers = tx.selectFrom("wf_access").select("user_id");
  const owner = tx.selectFrom("users").select("id").where("id", "=", userId).where("id", "not in", viewers);
  return (await owner.executeTakeFirst()) !== undefined;
}

/** Whose a group of channels is. */
export function groupOwnerOf({ group }: Pick<Notifications, "group">): (id: number) => Promise<number | undefined> {
  return async (id) => group(id)?.ownerId;
}
