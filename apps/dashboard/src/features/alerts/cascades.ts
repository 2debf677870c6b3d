import { incidentStore } from "#features/incidents";
import type { Incidents } from "#features/incidents";
import { serverStore } from "#features/servers";
import type { Cascade, Changes, Queries } from "#platform/database";
import type { AlertCommands } from "./commands.ts";
import { withoutReferences } from "./model.ts";
import type { Gone } from "./model.ts";
import { alertKind, alertStore } from "./store.ts";

export interface AlertCascadeDeps {
  readonly commands: Pick<AlertCommands, "deleteRows">;
  readonly now: () => number;
  readonly onServersGone: (serverIds: readonly number[]) => void;
  readonly incidents: Pick<Incidents, "ledger" | "open">;
  readonly ownsEverything: (userId: number) => boolean;
}

/** What alert rules do when something they refer to, or their owner, is deleted. */
export interface AlertCascades {
  readonly servers: Cascade;
  /** Servers have another owner: incidents of rules that do not reach them any more end, before anybody is told more of them. */
  readonly movedServers: Cascade;
  readonly crons: Cascade;
  readonly notificationGroups: Cascade;
  readonly users: Cascade;
}

export function createAlertCascades({ commands, now, onServersGone, incidents, ...deps }: AlertCascadeDeps): AlertCascades {
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
    async movedServers(tx, ids, changes) {
      for (const serverId of ids) {
        const owner = (await serverStore.find(tx, serverId))?.ownerId;
        const lost = incidents.open
          .list()
          .filter(
            (one) => one.source === "alert" && one.serverId === serverId && one.ownerId !== owner && !deps.ownsEverything(one.ownerId),
          );
        for (const { id } of lost) {
          const incident = await incidentStore.find(tx, id);
          if (incident?.endedAt === 0) await incidents.ledger.abandon(tx, changes, [incident], "out-of-reach");
        }
      }
    },
    crons: (tx, ids, changes) => forget(tx, changes, { crons: new Set(ids) }),
    notificationGroups: (tx, ids, changes) => forget(tx, changes, { notificationGroups: new Set(ids) }),
    async users(tx, ids, changes) {
      const gone = (await alertKind.load(tx)).filter((rule) => ids.includes(rule.ownerId)).map((rule) => rule.id);
      if (gone.length > 0) await commands.deleteRows(tx, gone, changes);
    },
  };
}
