import type { Cascade, Changes, Queries } from "#platform/database";
import type { AlertCommands } from "./commands.ts";
import { withoutReferences } from "./model.ts";
import type { Gone } from "./model.ts";
import { alertKind, alertStore } from "./store.ts";

export interface AlertCascadeDeps {
  readonly commands: Pick<AlertCommands, "deleteRows">;
  readonly now: () => number;
  readonly onServersGone: (serverIds: readonly number[]) => void;
}

/** What alert rules do when something they refer to, or their owner, is deleted. */
export interface AlertCascades {
  readonly servers: Cascade;
  readonly crons: Cascade;
  readonly notificationGroups: Cascade;
  readonly users: Cascade;
}

export function createAlertCascades({ commands, now, onServersGone }: AlertCascadeDeps): AlertCascades {
  const forget = async (tx: Queries, changes: Changes, gone: Gone): Promise<void> => {
    for (const row of await alertKind.load(tx)) {
      const rule = withoutReferences(row, gone, now());
      if (rule === row) continue;
      await alertStore.setReferences(tx, rule, rule.rules !== row.rules);
      changes.put(alertKind.name, rule.id);
    }
  };
  return {
    async servers(tx, ids, changes) {
      await forget(tx, changes, { servers: new Set(ids) });
      changes.afterwards(() => onServersGone(ids));
    },
    crons: (tx, ids, changes) => forget(tx, changes, { crons: new Set(ids) }),
    notificationGroups: (tx, ids, changes) => forget(tx, changes, { notificationGroups: new Set(ids) }),
    async users(tx, ids, changes) {
      const gone = (await alertKind.load(tx)).filter((rule) => ids.includes(rule.ownerId)).map((rule) => rule.id);
      if (gone.length > 0) await commands.deleteRows(tx, gone, changes);
    },
  };
}
