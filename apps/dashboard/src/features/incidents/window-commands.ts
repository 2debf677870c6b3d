import type { MaintenanceWindowForm } from "@windfire/api";
import { refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { scheduleOf } from "./silences.ts";
import type { MaintenanceWindow } from "./silences.ts";
import { silenceStore, windowKind } from "./silence-store.ts";
import type { MaintenanceWindows } from "./silence-store.ts";
import { mine, requireSubjects } from "./subjects.ts";
import type { OwnerOf } from "./subjects.ts";

export interface WindowCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly windows: MaintenanceWindows;
  readonly now: () => number;
  readonly requireRoom: (user: User, rows: number) => void;
  readonly ownerOf: OwnerOf;
  /** What is wrong with a schedule, `undefined` when it can be read. */
  readonly checkSchedule: (text: string) => string | undefined;
}

/** Verbs of maintenance windows. */
export function createWindowCommands({ database, audit, windows, now, requireRoom, ownerOf, checkSchedule }: WindowCommandDeps) {
  const requirePlan = ({ plan }: MaintenanceWindowForm): void => {
    if (plan.kind === "once") {
      if (!(Date.parse(plan.from) < Date.parse(plan.to))) throw refuseText("plan: from must be before to");
      return;
    }
    const problem = checkSchedule(scheduleOf(plan));
    if (problem !== undefined) throw refuseText(`plan: ${problem}`);
  };
  const requireForm = (caller: Caller, form: MaintenanceWindowForm): void => {
    requirePlan(form);
    requireSubjects(ownerOf, caller, "server", form.servers);
    requireSubjects(ownerOf, caller, "group", form.groups);
    requireSubjects(ownerOf, caller, "service", form.services);
  };
  return {
    list: (caller: Caller): MaintenanceWindow[] => mine(caller, windows.list()),

    async create(caller: Caller, user: User, form: MaintenanceWindowForm): Promise<number> {
      requireForm(caller, form);
      return database.change(async (tx, changes) => {
        requireRoom(user, windows.by("owner", user.id).length);
        const id = await silenceStore.insertWindow(tx, { ...settingsOf(form), ownerId: user.id, createdAt: now(), updatedAt: now() });
        changes.put(windowKind.name, id);
        await audit.write(tx, { actor: actorOf(caller), action: "maintenance-window.create", kind: windowKind.name, key: id, to: form });
        return id;
      });
    },
    async update(caller: Caller, id: number, form: MaintenanceWindowForm): Promise<void> {
      requireForm(caller, form);
      await database.change(async (tx, changes) => {
        const [stored] = mine(caller, await windowKind.load(tx, [id]));
        if (!stored) throw refuseText(`maintenance window id ${id} does not exist`);
        const window = { ...stored, ...settingsOf(form), updatedAt: now() };
        await silenceStore.updateWindow(tx, window);
        changes.put(windowKind.name, id);
        const deed = { action: "maintenance-window.update", kind: windowKind.name, key: id, from: stored, to: window };
        await audit.write(tx, { actor: actorOf(caller), ...deed });
      });
    },
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = mine(caller, await windowKind.load(tx, [...new Set(ids)]));
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

function settingsOf({ name, enable, plan, servers, groups, services }: MaintenanceWindowForm) {
  return { name, enable, plan, serverIds: servers, groupIds: groups, serviceIds: services };
}

export type WindowCommands = ReturnType<typeof createWindowCommands>;
