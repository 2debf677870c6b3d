import type { Cascade, Queries } from "#platform/database";
import type { AlertCommands } from "./commands.ts";
import type { CycleTraffic } from "./cycle-traffic.ts";
import type { AlertDirectory } from "./directory.ts";
import { withoutReferences } from "./model.ts";
import type { Gone } from "./model.ts";
import type { AlertStore } from "./store.ts";

export interface AlertCascadeDeps {
  readonly store: AlertStore;
  readonly alerts: AlertDirectory;
  readonly cycleTraffic: CycleTraffic;
  readonly commands: Pick<AlertCommands, "deleteRows">;
}

/** What alert rules do when something they refer to, or their owner, is deleted. */
export interface AlertCascades {
  readonly servers: Cascade;
  readonly crons: Cascade;
  readonly notificationGroups: Cascade;
  readonly users: Cascade;
}

export function createAlertCascades({ store, alerts, cycleTraffic, commands }: AlertCascadeDeps): AlertCascades {
  const forget = async (tx: Queries, gone: Gone): Promise<() => void> => {
    const rows = await store.all(tx);
    const changed = rows.map((rule) => withoutReferences(rule, gone)).filter((rule, index) => rule !== rows[index]);
    for (const rule of changed) await store.setReferences(tx, rule);
    return () => {
      for (const rule of changed) alerts.put(rule);
    };
  };
  return {
    async servers(tx, ids) {
      const after = await forget(tx, { servers: new Set(ids) });
      return () => {
        after();
        cycleTraffic.removeServers(ids);
      };
    },
    crons: (tx, ids) => forget(tx, { crons: new Set(ids) }),
    notificationGroups: (tx, ids) => forget(tx, { notificationGroups: new Set(ids) }),
    async users(tx, ids) {
      const gone = (await store.all(tx)).filter((rule) => ids.includes(rule.ownerId)).map((rule) => rule.id);
      return gone.length > 0 ? commands.deleteRows(tx, gone) : undefined;
    },
  };
}
