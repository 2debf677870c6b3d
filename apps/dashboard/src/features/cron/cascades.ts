import type { Cascade, Queries } from "#platform/database";
import type { CronCommands } from "./commands.ts";
import type { CronDirectory } from "./directory.ts";
import type { Cron } from "./model.ts";
import type { ResultPermits } from "./permits.ts";
import type { CronStore } from "./store.ts";

export interface CronCascadeDeps {
  readonly store: CronStore;
  readonly crons: CronDirectory;
  readonly permits: ResultPermits;
  readonly commands: Pick<CronCommands, "deleteRows">;
}

/** What crons do when something they refer to, or their owner, is deleted. */
export interface CronCascades {
  readonly servers: Cascade;
  readonly notificationGroups: Cascade;
  readonly users: Cascade;
}

export function createCronCascades({ store, crons, permits, commands }: CronCascadeDeps): CronCascades {
  const rewrite = async (tx: Queries, change: (cron: Cron) => Cron): Promise<() => void> => {
    const rows = await store.all(tx);
    const changed = rows.map((cron) => ({ before: cron, after: change(cron) })).filter(({ before, after }) => after !== before);
    for (const { after } of changed) await store.setReferences(tx, after);
    return () => {
      for (const { after } of changed) crons.put(after);
    };
  };
  return {
    async servers(tx, ids) {
      const after = await rewrite(tx, (cron) => withoutServers(cron, new Set(ids)));
      return () => {
        after();
        permits.forgetServers(ids);
      };
    },
    notificationGroups: (tx, ids) =>
      rewrite(tx, (cron) => (ids.includes(cron.notificationGroupId) ? { ...cron, notificationGroupId: 0 } : cron)),
    users: async (tx, ids) => {
      const rows = await store.all(tx);
      const gone = rows.filter((cron) => ids.includes(cron.ownerId)).map((cron) => cron.id);
      return gone.length > 0 ? commands.deleteRows(tx, gone) : undefined;
    },
  };
}

function withoutServers(cron: Cron, gone: ReadonlySet<number>): Cron {
  if (!cron.serverIds?.some((id) => gone.has(id))) return cron;
  return { ...cron, serverIds: cron.serverIds.filter((id) => !gone.has(id)) };
}
