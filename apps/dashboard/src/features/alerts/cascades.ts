import type { Cascade, Changes, Queries } from "#platform/database";
import type { AlertCommands } from "./commands.ts";
import type { CycleTraffic } from "./cycle-traffic.ts";
import type { AlertDirectory } from "./directory.ts";
import { withoutReferences } from "./model.ts";
import type { AlertRule, Gone } from "./model.ts";
import type { AlertStore } from "./store.ts";

export interface AlertCascadeDeps {
  readonly store: AlertStore;
  readonly alerts: AlertDirectory;
  readonly cycleTraffic: CycleTraffic;
  readonly commands: Pick<AlertCommands, "deleteRows">;
  readonly now: () => number;
}

/** What alert rules do when something they refer to, or their owner, is deleted. */
export interface AlertCascades {
  readonly servers: Cascade;
  readonly crons: Cascade;
  readonly notificationGroups: Cascade;
  readonly users: Cascade;
}

export function createAlertCascades({ store, alerts, cycleTraffic, commands, now }: AlertCascadeDeps): AlertCascades {
  const forget = async (tx: Queries, changes: Changes, gone: Gone): Promise<void> => {
    const changed: AlertRule[] = [];
    for (const row of await store.all(tx)) {
      const rule = withoutReferences(row, gone, now());
      if (rule === row) continue;
      await store.setReferences(tx, rule, rule.rules !== row.rules);
      changed.push(rule);
    }
    changes.afterwards(() => {
      for (const rule of changed) alerts.put(rule);
    });
  };
  return {
    async servers(tx, ids, changes) {
      await forget(tx, changes, { servers: new Set(ids) });
      changes.afterwards(() => cycleTraffic.removeServers(ids));
    },
    crons: (tx, ids, changes) => forget(tx, changes, { crons: new Set(ids) }),
    notificationGroups: (tx, ids, changes) => forget(tx, changes, { notificationGroups: new Set(ids) }),
    async users(tx, ids, changes) {
      const gone = (await store.all(tx)).filter((rule) => ids.includes(rule.ownerId)).map((rule) => rule.id);
      if (gone.length > 0) await commands.deleteRows(tx, gone, changes);
    },
  };
}
