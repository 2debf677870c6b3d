import { incidentStore } from "#features/incidents";
import type { Incident, Incidents, IncidentSubject } from "#features/incidents";
import { groupLoss } from "#features/notifications";
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
  readonly incidents: Pick<Incidents, "ledger">;
  readonly ownsEverythingIn: (tx: Queries, userId: number) => Promise<boolean>;
}

/** What alert rules do when something they refer to, or their owner, is deleted. */
export interface AlertCascades {
  readonly servers: Cascade;
  /** Servers have another owner: incidents of rules that do not reach them any more end, before anybody is told more of them. */
  readonly movedServers: Cascade;
  /** The same of the rules of administrators who are none any more; those that go on tell no groups of others. */
  readonly demotedUsers: Cascade;
  readonly crons: Cascade;
  readonly notificationGroups: Cascade;
  readonly users: Cascade;
}

export function createAlertCascades({ commands, now, onServersGone, incidents, ownsEverythingIn }: AlertCascadeDeps): AlertCascades {
  const forget = async (tx: Queries, changes: Changes, gone: Gone): Promise<void> => {
    for (const row of await alertKind.load(tx)) {
      const rule = withoutReferences(row, gone, now());
      if (rule === row) continue;
      await alertStore.setReferences(tx, rule, rule.rules !== row.rules);
      changes.put(alertKind.name, rule.id);
    }
  };
  /** Ends incidents of rules that do not reach their servers any more. */
  const lose = async (
    tx: Queries,
    changes: Changes,
    subject: IncidentSubject,
    isReached: (incident: Incident) => Promise<boolean>,
  ): Promise<void> => {
    const lost: Incident[] = [];
    for (const incident of await incidentStore.tellableWhere(tx, subject, now()))
      if (incident.source === "alert" && !(await isReached(incident))) lost.push(incident);
    await incidents.ledger.abandon(tx, changes, lost, "out-of-reach");
  };
  return {
    async servers(tx, ids, changes) {
      await forget(tx, changes, { servers: new Set(ids) });
      changes.afterwards(() => onServersGone(ids));
    },
    async movedServers(tx, ids, changes) {
      for (const serverId of ids) {
        const owner = (await serverStore.find(tx, serverId))?.ownerId;
        await lose(tx, changes, { serverIds: [serverId] }, async ({ ownerId }) => ownerId === owner || ownsEverythingIn(tx, ownerId));
      }
    },
    async demotedUsers(tx, ids, changes) {
      const own = new Set(await serverStore.idsOwnedBy(tx, ids));
      await lose(tx, changes, { ownerIds: ids }, async ({ serverId }) => own.has(serverId));
      const isLost = await groupLoss(tx, ids);
      for (const rule of (await alertKind.load(tx)).filter(isLost)) {
        await alertStore.setReferences(tx, { ...rule, notificationGroupId: 0 }, false);
        changes.put(alertKind.name, rule.id);
        const lasting = await incidentStore.openWhere(tx, { source: "alert", sourceId: rule.id });
        for (const incident of lasting) await incidents.ledger.move(tx, changes, incident, 0);
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
