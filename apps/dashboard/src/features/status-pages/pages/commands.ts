import type { StatusPageForm } from "@windfire/api";
import { refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { DatabaseError } from "#platform/database";
import type { Changes, Database, Queries } from "#platform/database";
import type { Passwords } from "#platform/password";
import { requireReadable } from "./colours.ts";
import { settingsOf } from "./model.ts";
import type { StatusPage } from "./model.ts";
import { isMine, requirePage, requireParts } from "./reach.ts";
import type { ReachDeps } from "./reach.ts";
import { pageStore, statusPageKind } from "./store.ts";
import type { StatusPages } from "./store.ts";

const KIND = statusPageKind.name;
/** Never written down. */
const SECRETS = ["passwordHash", "exportSecret"];

export interface PageCommandDeps extends ReachDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly pages: StatusPages;
  readonly passwords: Pick<Passwords, "hash">;
  readonly requireRoom: (user: User, rows: number) => void;
  /** What goes with pages besides their own rows, in the same transaction. */
  readonly forget: (tx: Queries, changes: Changes, pageIds: readonly number[]) => Promise<void>;
}

/** What a caller may do with status pages: with their own, an administrator with all. */
export function createPageCommands(deps: PageCommandDeps) {
  const { audit, database, now, pages } = deps;

  const requireForm = (caller: Caller, ownerId: number, form: StatusPageForm, stored?: StatusPage): void => {
    const settings = settingsOf(form);
    requireParts(deps, caller, { ownerId, settings }, stored?.settings);
    requireReadable(settings);
    const lacksPassword = form.visibility === "password" && form.password === "" && (stored?.passwordHash ?? "") === "";
    if (lacksPassword) throw refuseText("password: must not be empty");
  };
  /** Hashing takes a while, so it is done before the transaction. */
  const hashOf = async ({ password }: StatusPageForm): Promise<string> => (password === "" ? "" : deps.passwords.hash(password));
  const remove = async (tx: Queries, changes: Changes, ids: readonly number[]): Promise<void> => {
    if (ids.length === 0) return;
    await deps.forget(tx, changes, ids);
    await pageStore.delete(tx, ids);
    changes.gone(KIND, ids);
  };
  return {
    list: (caller: Caller): StatusPage[] => pages.list().filter((page) => isMine(caller, page)),
    find: (caller: Caller, id: number): StatusPage => requirePage(caller, id, pages.get(id)),
    requireForm,

    async create(caller: Caller, user: User, form: StatusPageForm): Promise<number> {
      const passwordHash = await hashOf(form);
      return orTaken(
        database.change(async (tx, changes) => {
          requireForm(caller, user.id, form);
          deps.requireRoom(user, pages.by("owner", user.id).length);
          const written = { slug: form.slug, settings: settingsOf(form), passwordHash };
          const id = await pageStore.insert(tx, user.id, written, now());
          changes.put(KIND, id);
          await audit.write(tx, {
            actor: actorOf(caller),
            action: "status-page.create",
            kind: KIND,
            key: id,
            to: written,
            secrets: SECRETS,
          });
          return id;
        }),
      );
    },
    async update(caller: Caller, id: number, form: StatusPageForm): Promise<void> {
      const hash = await hashOf(form);
      await orTaken(
        database.change(async (tx, changes) => {
          const from = requirePage(caller, id, await pageStore.find(tx, id));
          requireForm(caller, from.ownerId, form, from);
          const to = { ...from, slug: form.slug, settings: settingsOf(form), passwordHash: hash || from.passwordHash, updatedAt: now() };
          await pageStore.update(tx, id, to, now());
          changes.put(KIND, id);
          await audit.write(tx, { actor: actorOf(caller), action: "status-page.update", kind: KIND, key: id, from, to, secrets: SECRETS });
        }),
      );
    },
    /** All or nothing on permission; unknown ids are passed over. */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await statusPageKind.load(tx, [...new Set(ids)]);
        if (!found.every((page) => isMine(caller, page))) throw refuse("permission denied");
        for (const from of found) {
          const deed = { action: "status-page.delete", kind: KIND, key: from.id, from, secrets: SECRETS };
          await audit.write(tx, { actor: actorOf(caller), ...deed });
        }
        await remove(
          tx,
          changes,
          found.map(({ id }) => id),
        );
      });
    },
    /** Pages go with their owners. */
    async forgetUsers(tx: Queries, userIds: readonly number[], changes: Changes): Promise<void> {
      const gone = (await statusPageKind.load(tx)).filter(({ ownerId }) => userIds.includes(ownerId));
      await remove(
        tx,
        changes,
        gone.map(({ id }) => id),
      );
    },
  };
}

export type PageCommands = ReturnType<typeof createPageCommands>;

/** Somebody has the address already. */
async function orTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof DatabaseError && error.failure === "constraint") throw refuseText("slug: another page has this address");
    throw error;
  }
}
