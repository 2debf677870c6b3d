import type { ReachedThrough } from "@windfire/api";
import { startSameCrons } from "#features/cron";
import type { Triggers } from "#features/cron";
import type { Deliveries } from "#features/notifications";
import type { RequirePath } from "#features/servers";
import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { runCascades } from "#platform/database";
import type { Cascade, Changes, Database, Queries } from "#platform/database";
import type { ServiceChecks } from "./checks.ts";
import type { HistoryTable } from "./history-table.ts";
import { mergeOptions, subjectOf } from "./model.ts";
import type { Service, ServiceSettings } from "./model.ts";
import { serviceKind, serviceStore } from "./store.ts";
import type { ServiceRecords } from "./store.ts";

const DAY_MS = 86_400_000;

const KIND = serviceKind.name;

export interface ServiceCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly services: ServiceRecords;
  readonly checks: ServiceChecks;
  readonly historyTable: Pick<HistoryTable, "deleteSince"> | undefined;
  /** Takes away what is stored about services beside their rows. */
  readonly dropStored: (tx: Queries, serviceIds: readonly number[]) => Promise<void>;
  readonly deliveries: Pick<Deliveries, "dropEvents">;
  readonly triggers: Pick<Triggers, "cancel" | "drop">;
  readonly now: () => number;
  /** Refuses what a service cannot be reached through. */
  readonly requirePath: RequirePath;
  /** Throws when one user may not have another row of a kind (spec 60 section 5). */
  readonly requireRoom: (user: User, rows: number) => void;
  readonly cascades: readonly Cascade[];
}

/** What a caller may do with services (spec 11 section 4). */
export function createServiceCommands(deps: ServiceCommandDeps) {
  const { audit, checks, database, deliveries, historyTable, now, services, triggers } = deps;
  /** Nothing is reached any more through what is gone. */
  const forgetPaths = async (tx: Queries, changes: Changes, kind: ReachedThrough["kind"], gone: readonly number[]): Promise<void> => {
    for (const id of await serviceStore.forgetPaths(tx, kind, gone)) changes.put(KIND, id);
  };
  const requirePath = async (tx: Queries, caller: Caller, id: number, { options }: ServiceSettings, stored?: Service): Promise<void> => {
    const { reachedThrough } = options;
    if (reachedThrough) await deps.requirePath(tx, caller, { kind: "service", id }, reachedThrough, stored?.options.reachedThrough);
  };
  /** Also for a transaction of somebody else's (a deleted user's services). */
  const deleteRows = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    await runCascades(tx, deps.cascades, ids, changes);
    // The reference does not start with windows of today that belong to no service.
    await historyTable?.deleteSince(tx, ids, now() - DAY_MS);
    await deps.dropStored(tx, ids);
    await serviceStore.delete(tx, ids);
    await triggers.drop(tx, ids);
    await deliveries.dropEvents(tx, changes, ids.map(subjectOf), "the service is gone");
    changes.gone(KIND, ids);
    await forgetPaths(tx, changes, "service", ids);
  };

  return {
    deleteRows,
    forgetPaths,
    list: (caller: Caller): Service[] => services.list().filter((service) => checks.mayManage(caller, service)),

    async create(caller: Caller, user: User, form: ServiceSettings): Promise<number> {
      checks.requireKind(form);
      return database.change(async (tx, changes) => {
        await checks.requireReferences(caller, user.id, form);
        deps.requireRoom(user, services.by("owner", user.id).length);
        const id = await serviceStore.insert(tx, user.id, form, now());
        await requirePath(tx, caller, id, form);
        changes.put(KIND, id);
        await audit.write(tx, { actor: actorOf(caller), action: "service.create", kind: KIND, key: id, to: form });
        return id;
      });
    },

    /** What was collected about the service stays, also when its target is another one (spec 30 section 1.2). */
    async update(caller: Caller, id: number, form: ServiceSettings): Promise<void> {
      await database.change(async (tx, changes) => {
        const stored = await serviceStore.find(tx, id);
        checks.requireKind(form, stored);
        if (!stored) throw refuse("service id %d does not exist", id);
        if (!checks.mayManage(caller, stored)) throw refuse("permission denied");
        await checks.requireReferences(caller, stored.ownerId, form, stored);
        await requirePath(tx, caller, id, form, stored);
        await serviceStore.update(tx, stored, form, now());
        await deliveries.dropEvents(tx, changes, [subjectOf(id)], "the service was saved");
        if (form.enableTriggerTask !== stored.enableTriggerTask || !startSameCrons(stored, form))
          await triggers.cancel(tx, changes, id, "the service was saved");
        changes.put(KIND, id);
        const to = { ...stored, ...form, options: mergeOptions(stored.options, form.options) };
        await audit.write(tx, { actor: actorOf(caller), action: "service.update", kind: KIND, key: id, from: stored, to });
      });
    },

    /** All or nothing on permission, also for rows of a type that is none; unknown ids are ignored (spec 11 section 0.9). */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await serviceStore.load(tx, [...new Set(ids)]);
        if (!found.every((service) => checks.mayManage(caller, service))) throw refuse("permission denied");
        if (found.length === 0) return;
        const gone = found.map((service) => service.id);
        await deleteRows(tx, gone, changes);
        for (const from of found)
          await audit.write(tx, { actor: actorOf(caller), action: "service.delete", kind: KIND, key: from.id, from });
      });
    },
  };
}

export type ServiceCommands = ReturnType<typeof createServiceCommands>;
