import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { runCascades } from "#platform/database";
import type { Cascade, Changes, Database, Queries } from "#platform/database";
import type { ServiceChecks } from "./checks.ts";
import type { ServiceDirectory } from "./directory.ts";
import type { ServiceDays } from "./days.ts";
import type { HistoryTable } from "./history-table.ts";
import type { Service, ServiceSettings } from "./model.ts";
import type { ServiceStatistics } from "./statistics.ts";
import type { ServiceStore } from "./store.ts";

const DAY_MS = 86_400_000;

export interface ServiceCommandDeps {
  readonly database: Database;
  readonly store: ServiceStore;
  readonly services: ServiceDirectory;
  readonly checks: ServiceChecks;
  readonly statistics: ServiceStatistics;
  readonly historyTable: HistoryTable | undefined;
  readonly days: Pick<ServiceDays, "delete">;
  readonly now: () => number;
  /** Throws when one user may not have another row of a kind (spec 60 section 5). */
  readonly requireRoom: (user: User, rows: number) => void;
  /** Takes a service's stored history away. */
  readonly dropHistory: (serviceId: number) => void;
  readonly cascades: readonly Cascade[];
}

/** What a caller may do with services (spec 11 section 4). */
export function createServiceCommands({ database, store, services, checks, statistics, historyTable, days, ...deps }: ServiceCommandDeps) {
  /** For a transaction of somebody else's (a deleted user's services). */
  const deleteRows = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    changes.afterwards(() => {
      services.remove(ids);
      statistics.remove(ids);
      for (const id of ids) deps.dropHistory(id);
    });
    await runCascades(tx, deps.cascades, ids, changes);
    // The reference does not start with windows of today that belong to no service.
    await historyTable?.deleteSince(tx, ids, deps.now() - DAY_MS);
    await days.delete(tx, ids);
    await store.delete(tx, ids);
  };

  return {
    deleteRows,
    list: (caller: Caller): Service[] => services.list().filter((service) => checks.mayManage(caller, service)),

    async create(caller: Caller, user: User, form: ServiceSettings): Promise<number> {
      checks.requireKind(form);
      await checks.requireReferences(caller, user.id, form);
      deps.requireRoom(user, services.list().filter((service) => service.ownerId === user.id).length);
      const service = await store.insert(user.id, form, deps.now());
      services.put(service);
      return service.id;
    },

    /** What was collected about the service stays, also when its target is another one (spec 30 section 1.2). */
    async update(caller: Caller, id: number, form: ServiceSettings): Promise<void> {
      const stored = services.get(id);
      checks.requireKind(form, stored);
      if (!stored) throw refuse("service id %d does not exist", id);
      if (!checks.mayManage(caller, stored)) throw refuse("permission denied");
      await checks.requireReferences(caller, stored.ownerId, form, stored);
      const service = await store.update(id, form, deps.now());
      if (!service) throw refuse("service id %d does not exist", id);
      services.put(service);
    },

    /** All or nothing on permission, also for rows of a type that is none; unknown ids are ignored (spec 11 section 0.9). */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      const found = await store.byIds(ids);
      if (!found.every((service) => checks.mayManage(caller, service))) throw refuse("permission denied");
      const gone = found.map((service) => service.id);
      if (gone.length === 0) return;
      await database.change((tx, changes) => deleteRows(tx, gone, changes));
    },
  };
}

export type ServiceCommands = ReturnType<typeof createServiceCommands>;
