import type { SnoozeForm } from "@windfire/api";
import { refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import type { Snooze } from "./silences.ts";
import { silenceStore, snoozeKind } from "./silence-store.ts";
import type { Snoozes } from "./silence-store.ts";
import { isMine, requireNoServerList, requireSubjects } from "./subjects.ts";
import type { OwnerOf } from "./subjects.ts";

export interface SnoozeCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly snoozes: Snoozes;
  readonly now: () => number;
  readonly requireRoom: (user: User, rows: number) => void;
  readonly ownerOf: OwnerOf;
}

/** Verbs of snoozes. */
export function createSnoozeCommands({ database, audit, snoozes, now, requireRoom, ownerOf }: SnoozeCommandDeps) {
  return {
    list: (caller: Caller): Snooze[] => snoozes.list().filter((snooze) => isMine(caller, snooze)),

    async snooze(caller: Caller, user: User, form: SnoozeForm): Promise<number> {
      const until = Date.parse(form.until);
      if (!(until > now())) throw refuseText("until: must be a time to come");
      return database.change(async (tx, changes) => {
        if (form.scope === "all") requireNoServerList(caller);
        else requireSubjects(ownerOf, caller, form.scope, [form.scope_id]);
        requireRoom(user, snoozes.by("owner", user.id).length);
        const scopeId = form.scope === "all" ? 0 : form.scope_id;
        const snooze = { ownerId: user.id, scope: form.scope, scopeId, until, note: form.note, createdAt: now(), createdBy: user.username };
        const id = await silenceStore.insertSnooze(tx, snooze);
        changes.put(snoozeKind.name, id);
        await audit.write(tx, { actor: actorOf(caller), action: "snooze.create", kind: snoozeKind.name, key: id, to: snooze });
        return id;
      });
    },
    /** All or nothing on permission; unknown ids are passed over. */
    async wake(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await snoozeKind.load(tx, [...new Set(ids)]);
        if (!found.every((snooze) => isMine(caller, snooze))) throw refuse("permission denied");
        if (found.length === 0) return;
        const gone = found.map(({ id }) => id);
        await silenceStore.deleteSnoozes(tx, gone);
        changes.gone(snoozeKind.name, gone);
        for (const id of gone) await audit.write(tx, { actor: actorOf(caller), action: "snooze.delete", kind: snoozeKind.name, key: id });
      });
    },
  };
}

export type SnoozeCommands = ReturnType<typeof createSnoozeCommands>;
