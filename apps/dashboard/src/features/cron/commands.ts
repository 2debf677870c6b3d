import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { runCascades } from "#platform/database";
import type { Cascade, Database, Queries } from "#platform/database";
import type { CronChecks } from "./checks.ts";
import type { CronDirectory } from "./directory.ts";
import type { CronJobs } from "./jobs.ts";
import { isScheduled } from "./model.ts";
import type { Cron, CronSettings } from "./model.ts";
import type { ResultPermits } from "./permits.ts";
import type { CronStore } from "./store.ts";

export interface CronCommandDeps {
  readonly database: Database;
  readonly store: CronStore;
  readonly crons: CronDirectory;
  readonly checks: CronChecks;
  readonly permits: ResultPermits;
  readonly now: () => number;
  /** Throws when one user may not have another row of a kind (spec 60 section 5). */
  readonly requireRoom: (user: User, rows: number) => void;
  readonly jobs: CronJobs;
  /** Rooms that start crons remove them from their lists. */
  readonly cascades: readonly Cascade[];
}

/** What a caller may do with crons (spec 11 section 9). */
export function createCronCommands({ database, store, crons, checks, permits, jobs, ...deps }: CronCommandDeps) {
  const publish = (cron: Cron): void => {
    crons.put(cron);
    permits.forgetCrons([cron.id]);
    if (isScheduled(cron)) jobs.set(cron.id, cron.scheduler);
    else jobs.remove([cron.id]);
  };
  /** For a transaction of somebody else's (a deleted user's crons); call the result once it is committed. */
  const deleteRows = async (tx: Queries, ids: readonly number[]): Promise<() => void> => {
    const after = await runCascades(tx, deps.cascades, ids);
    await store.delete(tx, ids);
    return () => {
      jobs.remove(ids);
      crons.remove(ids);
      permits.forgetCrons(ids);
      after();
    };
  };

  return {
    deleteRows,
    list: (caller: Caller): Cron[] => crons.list().filter((cron) => checks.mayManage(caller, cron)),

    async create(caller: Caller, user: User, form: CronSettings): Promise<number> {
      await checks.requireReferences(caller, user.id, form);
      checks.requireSchedule(form);
      deps.requireRoom(user, crons.list().filter((cron) => cron.ownerId === user.id).length);
      const cron = await store.insert(user.id, form, deps.now());
      publish(cron);
      return cron.id;
    },

    async update(caller: Caller, id: number, form: CronSettings): Promise<void> {
      checks.requireCover(form);
      const { ownerId } = checks.existing(caller, id);
      await checks.requireReferences(caller, ownerId, form);
      checks.requireSchedule(form);
      const cron = await store.update(id, form, deps.now());
      if (!cron) throw refuse("task id %d does not exist", id);
      publish(cron);
    },

    /** All or nothing on permission; unknown ids are ignored (spec 11 section 0.9). */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      const found = [...new Set(ids)].map((id) => crons.get(id)).filter((cron) => cron !== undefined);
      if (!found.every((cron) => checks.mayManage(caller, cron))) throw refuse("permission denied");
      const gone = found.map((cron) => cron.id);
      if (gone.length === 0) return;
      const after = await database.transaction((tx) => deleteRows(tx, gone));
      after();
    },
  };
}

export type CronCommands = ReturnType<typeof createCronCommands>;
