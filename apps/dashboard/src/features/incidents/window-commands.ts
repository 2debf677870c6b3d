import type { MaintenanceWindowForm } from "@windfire/api";
import { refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import type { Plans } from "./plans.ts";
import type { MaintenanceWindow } from "./silences.ts";
import { silenceStore, windowKind } from "./silence-store.ts";
import type { MaintenanceWindows } from "./silence-store.ts";
import { isMine, requireSubjects } from "./subjects.ts";
import type { OwnerOf } from "./subjects.ts";

export interface WindowCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly windows: MaintenanceWindows;
  readonly now: () => number;
  readonly requireRoom: (user: User, rows: number) => void;
  readonly ownerOf: OwnerOf;
  readonly plans: Pick<Plans, "requirePlan">;
}

/** Verbs of maintenance windows. */
export function createWindowCommands({ database, audit, windows, now, requireRoom, ownerOf, plans }: WindowCommandDeps) {
  const requireForm = (caller: Caller, form: MaintenanceWindowForm, stored?: MaintenanceWindow): void => {
    plans.requirePlan(form.plan, stored?.plan);
    if (coversNothing(settingsOf(form)) && !(stored && coversNothing(stored)))
      throw refuseText("servers: name a server, a group or a service that is worked on");
    requireSubjects(ownerOf, caller, "server", form.servers, stored?.serverIds);
    requireSubjects(ownerOf, caller, "group", form.groups, stored?.groupIds);
    requireSubjects(ownerOf, caller, "service", form.services, stored?.serviceIds);
  };
  return {
    list: (caller: Caller): MaintenanceWindow[] => windows.list().filter((window) => isMine(caller, window)),

    async create(caller: Caller, user: User, form: MaintenanceWindowForm): Promise<number> {
      return database.change(async (tx, changes) => {
        requireForm(caller, form);
        requireRoom(user, windows.by("owner", user.id).length);
        const id = await silenceStore.insertWindow(tx, { ...settingsOf(form), ownerId: user.id, createdAt: now(), updatedAt: now() });
        changes.put(windowKind.name, id);
        await audit.write(tx, { actor: actorOf(caller), action: "maintenance-window.create", kind: windowKind.name, key: id, to: form });
        return id;
      });
    },
    async update(caller: Caller, id: number, form: MaintenanceWindowForm): Promise<void> {
      await database.change(async (tx, changes) => {
        const [stored] = await windowKind.load(tx, [id]);
        if (!stored || !isMine(caller, stored)) throw refuseText(`maintenance window id ${id} does not exist`);
        requireForm(caller, form, stored);
        const window = { ...stored, ...settingsOf(form), updatedAt: now() };
        await silenceStore.updateWindow(tx, window);
        changes.put(windowKind.name, id);
        const deed = { action: "maintenance-window.update", kind: windowKind.name, key: id, from: stored, to: window };
        await audit.write(tx, { actor: actorOf(caller), ...deed });
      });
    },
    /** All or nothing on permission; unknown ids are passed over. */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await windowKind.load(tx, [...new Set(ids)]);
        if (!found.every((window) => isMine(caller, window))) throw refuse("permission denied");
        if (found.length === 0) return;
        const gone = found.map(({ id }) => id);
        await silenceStore.deleteWindows(tx, gone);
        changes.gone(windowKind.name, gone);
        for (const window of found) {
          const deed = { action: "maintenance-window.delete", kind: windowKind.name, key: window.id, from: window };
          await audit.write(tx, { actor: actorOf(caller), ...deed });
        }
      });
    },
  };
}

function coversNothing({ serverIds, groupIds, serviceIds }: Pick<MaintenanceWindow, "serverIds" | "groupIds" | "serviceIds">): boolean {
  return serverIds.length + groupIds.length + serviceIds.length === 0;
}

function settingsOf({ name, enable, plan, silence, servers, groups, services }: MaintenanceWindowForm) {
  return { name, enable, plan, silence, serverIds: servers, groupIds: groups, serviceIds: services };
}

export type WindowCommands = ReturnType<typeof createWindowCommands>;
