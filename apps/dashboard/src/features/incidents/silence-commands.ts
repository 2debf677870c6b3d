import type { MaintenanceWindowForm, SnoozeForm } from "@windfire/api";
import { canManage, reachesServer } from "#access/policy";
import { refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import { scheduleOf } from "./silences.ts";
import type { MaintenanceWindow, Snooze } from "./silences.ts";
import { silenceStore, snoozeKind, windowKind } from "./silence-store.ts";
import type { MaintenanceWindows, Snoozes } from "./silence-store.ts";

export type Subject = "rule" | "service" | "server" | "group";

export interface SilenceCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly snoozes: Snoozes;
  readonly windows: MaintenanceWindows;
  readonly now: () => number;
  readonly requireRoom: (user: User, rows: number) => void;
  /** Owner of a row that a silence may name, `undefined` when there is none. */
  readonly ownerOf: (subject: Subject, id: number) => number | undefined;
  /** What is wrong with a schedule, `undefined` when it can be read. */
  readonly checkSchedule: (text: string) => string | undefined;
}

/** Verbs of snoozes and maintenance windows. Rows of others and rows that are not there answer alike. */
export function createSilenceCommands({ database, audit, snoozes, windows, now, requireRoom, ownerOf, checkSchedule }: SilenceCommandDeps) {
  const requireSubjects = (caller: Caller, subject: Subject, ids: Iterable<number>): void => {
    for (const id of ids) {
      const ownerId = ownerOf(subject, id);
      const isMine = ownerId !== undefined && canManage(caller, { ownerId }) && (subject !== "server" || reachesServer(caller, id));
      if (!isMine) throw refuseText(`${subject} id ${id} does not exist`);
    }
  };
  const requirePlan = ({ plan }: MaintenanceWindowForm): void => {
    if (plan.kind === "once") {
      if (!(Date.parse(plan.from) < Date.parse(plan.to))) throw refuseText("plan: from must be before to");
      return;
    }
    const problem = checkSchedule(scheduleOf(plan));
    if (problem !== undefined) throw refuseText(`plan: ${problem}`);
  };
  const requireWindow = (caller: Caller, form: MaintenanceWindowForm): void => {
    requirePlan(form);
    requireSubjects(caller, "server", form.servers);
    requireSubjects(caller, "group", form.groups);
    requireSubjects(caller, "service", form.services);
  };
  const settingsOf = ({ name, enable, plan, servers, groups, services }: MaintenanceWindowForm) => ({
    name,
    enable,
    plan,
    serverIds: servers,
    groupIds: groups,
    serviceIds: services,
  });
  const mine = <T extends { readonly ownerId: number }>(caller: Caller, rows: readonly T[]): T[] =>
    rows.filter((row) => canManage(caller, row));

  /** Servers that are deleted: nothing names them any more. */
  const forgetServers = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    const sleeping = (await snoozeKind.load(tx)).filter(({ scope, scopeId }) => scope === "server" && ids.includes(scopeId));
    if (sleeping.length > 0) {
      const gone = sleeping.map(({ id }) => id);
      await silenceStore.deleteSnoozes(tx, gone);
      changes.gone(snoozeKind.name, gone);
    }
    for (const window of await windowKind.load(tx)) {
      const serverIds = window.serverIds.filter((id) => !ids.includes(id));
      if (serverIds.length === window.serverIds.length) continue;
      await silenceStore.updateWindow(tx, { ...window, serverIds });
      changes.put(windowKind.name, window.id);
    }
  };
  return {
    forgetServers,
    snoozes: (caller: Caller): Snooze[] => mine(caller, snoozes.list()),
    windows: (caller: Caller): MaintenanceWindow[] => mine(caller, windows.list()),

    async snooze(caller: Caller, user: User, form: SnoozeForm): Promise<number> {
      const until = Date.parse(form.until);
      if (!(until > now())) throw refuseText("until: must be a time to come");
      if (form.scope !== "all") requireSubjects(caller, form.scope, [form.scope_id]);
      return database.change(async (tx, changes) => {
        requireRoom(user, snoozes.by("owner", user.id).length);
        const scopeId = form.scope === "all" ? 0 : form.scope_id;
        const snooze = { ownerId: user.id, scope: form.scope, scopeId, until, note: form.note, createdAt: now(), createdBy: user.username };
        const id = await silenceStore.insertSnooze(tx, snooze);
        changes.put(snoozeKind.name, id);
        await audit.write(tx, { actor: actorOf(caller), action: "snooze.create", kind: snoozeKind.name, key: id, to: snooze });
        return id;
      });
    },
    async wake(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = mine(caller, await snoozeKind.load(tx, [...new Set(ids)])).map(({ id }) => id);
        if (found.length === 0) return;
        await silenceStore.deleteSnoozes(tx, found);
        changes.gone(snoozeKind.name, found);
        for (const id of found) await audit.write(tx, { actor: actorOf(caller), action: "snooze.delete", kind: snoozeKind.name, key: id });
      });
    },
    async createWindow(caller: Caller, user: User, form: MaintenanceWindowForm): Promise<number> {
      requireWindow(caller, form);
      return database.change(async (tx, changes) => {
        requireRoom(user, windows.by("owner", user.id).length);
        const id = await silenceStore.insertWindow(tx, { ...settingsOf(form), ownerId: user.id, createdAt: now(), updatedAt: now() });
        changes.put(windowKind.name, id);
        await audit.write(tx, { actor: actorOf(caller), action: "maintenance-window.create", kind: windowKind.name, key: id, to: form });
        return id;
      });
    },
    async updateWindow(caller: Caller, id: number, form: MaintenanceWindowForm): Promise<void> {
      requireWindow(caller, form);
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
    async deleteWindows(caller: Caller, ids: readonly number[]): Promise<void> {
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

export type SilenceCommands = ReturnType<typeof createSilenceCommands>;
