import type { Cascade, Changes, Queries } from "#platform/database";
import type { ServiceCommands } from "./commands.ts";
import type { ServiceDirectory } from "./directory.ts";
import { withoutReferences } from "./model.ts";
import type { Gone } from "./model.ts";
import type { ServiceStore } from "./store.ts";

export interface ServiceCascadeDeps {
  readonly store: ServiceStore;
  readonly services: ServiceDirectory;
  readonly commands: Pick<ServiceCommands, "deleteRows">;
}

/** What services do when something they refer to, or their owner, is deleted. */
export interface ServiceCascades {
  readonly servers: Cascade;
  readonly crons: Cascade;
  readonly notificationGroups: Cascade;
  readonly users: Cascade;
}

export function createServiceCascades({ store, services, commands }: ServiceCascadeDeps): ServiceCascades {
  const forget = async (tx: Queries, changes: Changes, gone: Gone): Promise<void> => {
    const rows = await store.all(tx);
    const changed = rows.map((service) => withoutReferences(service, gone)).filter((service, index) => service !== rows[index]);
    for (const service of changed) await store.setReferences(tx, service);
    changes.afterwards(() => {
      for (const service of changed) services.put(service);
    });
  };
  return {
    servers: (tx, ids, changes) => forget(tx, changes, { servers: new Set(ids) }),
    crons: (tx, ids, changes) => forget(tx, changes, { crons: new Set(ids) }),
    notificationGroups: (tx, ids, changes) => forget(tx, changes, { notificationGroups: new Set(ids) }),
    async users(tx, ids, changes) {
      const gone = (await store.all(tx)).filter((service) => ids.includes(service.ownerId)).map((service) => service.id);
      if (gone.length > 0) await commands.deleteRows(tx, gone, changes);
    },
  };
}
