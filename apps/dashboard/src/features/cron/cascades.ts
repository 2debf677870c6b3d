import { groupLoss } from "#features/notifications";
import type { Cascade, Changes, Queries } from "#platform/database";
import type { CronCommands } from "./commands.ts";
import type { Cron } from "./model.ts";
import type { ResultPermits } from "./permits.ts";
import { resultStore } from "./result-store.ts";
import { runStore } from "./run-store.ts";
import { cronKind, cronStore } from "./store.ts";

export interface CronCascadeDeps {
  readonly permits: ResultPermits;
  readonly now: () => number;
  readonly commands: Pick<CronCommands, "deleteRows">;
}

/** What crons do when something they refer to, or their owner, is deleted. */
export interface CronCascades {
  readonly servers: Cascade;
  readonly notificationGroups: Cascade;
  /** Administrators who are none any more tell no groups of others. */
  readonly demotedUsers: Cascade;
  readonly users: Cascade;
}

export function createCronCascades({ permits, commands, now }: CronCascadeDeps): CronCascades {
  const rewrite = async (tx: Queries, changes: Changes, change: (cron: Cron) => Cron): Promise<void> => {
    for (const before of await cronStore.all(tx)) {
      const after = change(before);
      if (after === before) continue;
      await cronStore.setReferences(tx, after);
      changes.put(cronKind.name, after.id);
    }
  };
  return {
    async servers(tx, ids, changes) {
      const gone = new Set(ids);
      await rewrite(tx, changes, (cron) => withoutServers(cron, gone));
      for (const runId of await resultStore.waitingFor(tx, { serverIds: ids })) {
        await resultStore.settle(tx, runId, "unknown", now(), ids);
        await runStore.recount(tx, runId, now());
      }
      changes.afterwards(() => permits.forgetServers(ids));
    },
    notificationGroups: (tx, ids, changes) =>
      rewrite(tx, changes, (cron) => (ids.includes(cron.notificationGroupId) ? { ...cron, notificationGroupId: 0 } : cron)),
    async demotedUsers(tx, ids, changes) {
      const isLost = await groupLoss(tx, ids);
      await rewrite(tx, changes, (cron) => (isLost(cron) ? { ...cron, notificationGroupId: 0 } : cron));
    },
    users: async (tx, ids, changes) => {
      const gone = (await cronStore.all(tx)).filter((cron) => ids.includes(cron.ownerId)).map((cron) => cron.id);
      if (gone.length > 0) await commands.deleteRows(tx, gone, changes);
    },
  };
}

function withoutServers(cron: Cron, gone: ReadonlySet<number>): Cron {
  if (!cron.serverIds?.some((id) => gone.has(id))) return cron;
  return { ...cron, serverIds: cron.serverIds.filter((id) => !gone.has(id)) };
}
