import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { runCascades } from "#platform/database";
import type { Cascade, Changes, Database, Queries } from "#platform/database";
import type { CronChecks } from "./checks.ts";
import type { Cron, CronSettings } from "./model.ts";
import { runStore } from "./run-store.ts";
import { cronKind, cronStore } from "./store.ts";
import type { Crons } from "./store.ts";

const KIND = cronKind.name;

export interface CronCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly crons: Crons;
  readonly checks: CronChecks;
  readonly now: () => number;
  /** Throws when one user may not have another row of a kind (spec 60 section 5). */
  readonly requireRoom: (user: User, rows: number) => void;
  /** Rooms that start crons remove them from their lists. */
  readonly cascades: readonly Cascade[];
}

/** What a caller may do with crons (spec 11 section 9). */
export function createCronCommands({ database, audit, crons, checks, now, requireRoom, cascades }: CronCommandDeps) {
  /** Also for a transaction of somebody else's (a deleted user's crons). */
  const deleteRows = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    await runCascades(tx, cascades, ids, changes);
    await cronStore.delete(tx, ids);
    await runStore.deleteOf(tx, ids);
    changes.gone(KIND, ids);
  };

  return {
    deleteRows,
    list: (caller: Caller): Cron[] => crons.list().filter((cron) => checks.mayManage(caller, cron)),

    async create(caller: Caller, user: User, form: CronSettings): Promise<number> {
      return database.change(async (tx, changes) => {
        await checks.requireReferences(caller, user.id, form);
        checks.requireSchedule(form);
        requireRoom(user, crons.by("owner", user.id).length);
        const id = await cronStore.insert(tx, user.id, form, now());
        changes.put(KIND, id);
        await audit.write(tx, { actor: actorOf(caller), action: "cron.create", kind: KIND, key: id, to: await cronStore.find(tx, id) });
        return id;
      });
    },

    async update(caller: Caller, id: number, form: CronSettings): Promise<void> {
      checks.requireCover(form);
      await database.change(async (tx, changes) => {
        const stored = checks.mine(caller, id, await cronStore.find(tx, id));
        await checks.requireReferences(caller, stored.ownerId, form, stored);
        checks.requireSchedule(form);
        const cron = await cronStore.update(tx, stored, form, now());
        changes.put(KIND, id);
        await audit.write(tx, { actor: actorOf(caller), action: "cron.update", kind: KIND, key: id, from: stored, to: cron });
      });
    },

    /** All or nothing on permission; unknown ids are ignored (spec 11 section 0.9). */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await cronKind.load(tx, [...new Set(ids)]);
        if (!found.every((cron) => checks.mayManage(caller, cron))) throw refuse("permission denied");
        if (found.length === 0) return;
        for (const cron of found) {
          await audit.write(tx, { actor: actorOf(caller), action: "cron.delete", kind: KIND, key: cron.id, from: cron });
        }
        await deleteRows(
          tx,
          found.map((cron) => cron.id),
          changes,
        );
      });
    },
  };
}

export type CronCommands = ReturnType<typeof createCronCommands>;
