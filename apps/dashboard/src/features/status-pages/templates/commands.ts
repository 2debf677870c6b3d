import type { PageTemplateForm } from "@windfire/api";
import { serverListOf } from "#access/policy";
import { refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { isMine } from "../pages/reach.ts";
import { templateStore } from "./store.ts";
import type { PageTemplate } from "./store.ts";

const KIND = "page-template";

export interface TemplateCommandDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly requireRoom: (user: User, rows: number) => void;
}

/** What is written often: of each person their own, of an administrator all. */
export function createTemplateCommands({ database, audit, requireRoom }: TemplateCommandDeps) {
  return {
    list: async (caller: Caller): Promise<PageTemplate[]> =>
      (await templateStore.list(database.kysely)).filter((template) => isMine(caller, template)),

    async create(caller: Caller, user: User, form: PageTemplateForm): Promise<number> {
      return database.change(async (tx) => {
        if (serverListOf(caller) !== undefined) throw refuse("permission denied");
        requireRoom(user, (await templateStore.list(tx)).filter(({ ownerId }) => ownerId === user.id).length);
        const id = await templateStore.insert(tx, user.id, form);
        await audit.write(tx, { actor: actorOf(caller), action: "page-template.create", kind: KIND, key: id, to: form });
        return id;
      });
    },
    async update(caller: Caller, id: number, form: PageTemplateForm): Promise<void> {
      await database.change(async (tx) => {
        const [from] = await templateStore.list(tx, [id]);
        if (!from || !isMine(caller, from)) throw refuseText(`page template id ${id} does not exist`);
        await templateStore.update(tx, id, form);
        await audit.write(tx, {
          actor: actorOf(caller),
          action: "page-template.update",
          kind: KIND,
          key: id,
          from,
          to: { ...from, ...form },
        });
      });
    },
    /** All or nothing on permission; unknown ids are passed over. */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx) => {
        const found = await templateStore.list(tx, [...new Set(ids)]);
        if (!found.every((template) => isMine(caller, template))) throw refuse("permission denied");
        if (found.length === 0) return;
        for (const from of found)
          await audit.write(tx, { actor: actorOf(caller), action: "page-template.delete", kind: KIND, key: from.id, from });
        await templateStore.delete(
          tx,
          found.map(({ id }) => id),
        );
      });
    },
  };
}

export type TemplateCommands = ReturnType<typeof createTemplateCommands>;
