import { groupLoss } from "#features/notifications";
import type { Deliveries } from "#features/notifications";
import type { Cascade, Changes, Queries } from "#platform/database";
import type { ServiceCommands } from "./commands.ts";
import { subjectOf, withoutReferences } from "./model.ts";
import type { Gone } from "./model.ts";
import { serviceKind, serviceStore } from "./store.ts";

/** What services do when something they refer to, or their owner, is deleted. */
export interface ServiceCascades {
  readonly servers: Cascade;
  /** Of servers that become somebody else's. */
  readonly movedServers: Cascade;
  readonly crons: Cascade;
  readonly notificationGroups: Cascade;
  /** Administrators who are none any more tell no groups of others, and what waits to be told to those is not told. */
  readonly demotedUsers: Cascade;
  readonly users: Cascade;
}

export function createServiceCascades({
  commands,
  deliveries,
  forgetServers,
}: {
  readonly deliveries: Pick<Deliveries, "dropEvents">;
  readonly commands: Pick<ServiceCommands, "deleteRows" | "forgetPaths">;
  /** What is known of servers in memory. */
  readonly forgetServers: (serverIds: readonly number[]) => void;
}): ServiceCascades {
  const forget = async (tx: Queries, changes: Changes, gone: Gone): Promise<void> => {
    for (const before of await serviceStore.load(tx)) {
      const service = withoutReferences(before, gone);
      if (service === before) continue;
      await serviceStore.setReferences(tx, service);
      changes.put(serviceKind.name, service.id);
    }
  };
  return {
    async servers(tx, ids, changes) {
      await forget(tx, changes, { servers: new Set(ids) });
      await commands.forgetPaths(tx, changes, "server", ids);
      changes.afterwards(() => forgetServers(ids));
    },
    movedServers: (tx, ids, changes) => commands.forgetPaths(tx, changes, "server", ids),
    crons: (tx, ids, changes) => forget(tx, changes, { crons: new Set(ids) }),
    notificationGroups: (tx, ids, changes) => forget(tx, changes, { notificationGroups: new Set(ids) }),
    async demotedUsers(tx, ids, changes) {
      const isLost = await groupLoss(tx, ids);
      const lost = (await serviceStore.load(tx)).filter(isLost);
      for (const service of lost) {
        await serviceStore.setReferences(tx, { ...service, notificationGroupId: 0 });
        changes.put(serviceKind.name, service.id);
      }
      const subjects = lost.map(({ id }) => subjectOf(id));
      await deliveries.dropEvents(tx, changes, subjects, "its owner may not tell the group any more");
    },
    async users(tx, ids, changes) {
      const gone = (await serviceStore.load(tx)).filter((service) => ids.includes(service.ownerId)).map((service) => service.id);
      if (gone.length > 0) await commands.deleteRows(tx, gone, changes);
    },
  };
}
