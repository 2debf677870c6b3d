import { canManage, requireManage } from "#access/policy";
import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { runCascades } from "#platform/database";
import type { Cascade, Changes, Database, Queries } from "#platform/database";
import type { DdnsDirectory } from "./directory.ts";
import { asciiDomain } from "./domain-name.ts";
import { isAttemptCount, mergeSecrets } from "./model.ts";
import type { DdnsProfile, DdnsSettings } from "./model.ts";
import type { DdnsStore } from "./store.ts";

export interface DdnsCommandDeps {
  readonly database: Database;
  readonly store: DdnsStore;
  readonly profiles: DdnsDirectory;
  readonly now: () => number;
  /** Throws when one user may not have another row of a kind (spec 60 section 5). */
  readonly requireRoom: (user: User, rows: number) => void;
  /** Rooms that refer to profiles remove their references. */
  readonly cascades: readonly Cascade[];
}

/** What a caller may do with DDNS profiles (spec 11 section 10). */
export function createDdnsCommands({ database, store, profiles, ...deps }: DdnsCommandDeps) {
  const deleteRows = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    changes.afterwards(() => profiles.remove(ids));
    await runCascades(tx, deps.cascades, ids, changes);
    await store.delete(tx, ids);
  };
  return {
    list: (caller: Caller): DdnsProfile[] => profiles.list().filter((profile) => canManage(caller, profile)),

    async create(user: User, form: DdnsSettings): Promise<number> {
      requireAttempts(form);
      const settings = withAsciiDomains(form);
      deps.requireRoom(user, profiles.list().filter((profile) => profile.ownerId === user.id).length);
      const profile = await store.insert(user.id, settings, deps.now());
      profiles.put(profile);
      return profile.id;
    },

    async update(caller: Caller, id: number, form: DdnsSettings): Promise<void> {
      requireAttempts(form);
      const stored = profiles.get(id);
      if (!stored) throw refuse("profile id %d does not exist", id);
      requireManage(caller, [stored]);
      const profile = await store.update(id, mergeSecrets(stored, withAsciiDomains(form, stored.domains ?? [])), deps.now());
      if (!profile) throw refuse("profile id %d does not exist", id);
      profiles.put(profile);
    },

    /** All or nothing on permission; unknown ids are ignored (spec 11 section 0.9). */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      const found = [...new Set(ids)].map((id) => profiles.get(id)).filter((profile) => profile !== undefined);
      requireManage(caller, found);
      const gone = found.map((profile) => profile.id);
      if (gone.length === 0) return;
      await database.change((tx, changes) => deleteRows(tx, gone, changes));
    },

    /** Takes part in the deletion of users. */
    async deleteOfUsers(tx: Queries, userIds: readonly number[], changes: Changes): Promise<void> {
      const gone = (await store.all(tx)).filter((profile) => userIds.includes(profile.ownerId)).map((profile) => profile.id);
      if (gone.length > 0) await deleteRows(tx, gone, changes);
    },
  };
}

export type DdnsCommands = ReturnType<typeof createDdnsCommands>;

function requireAttempts(form: DdnsSettings): void {
  if (!isAttemptCount(form.maxRetries)) throw refuse("the retry count must be an integer between 1 and 10");
}

/** Empty entries name nothing and are left out; what is stored already stays as it is. */
function withAsciiDomains(form: DdnsSettings, stored: readonly string[] = []): DdnsSettings {
  const domains = form.domains
    ?.filter((text) => text !== "")
    .map((text) => {
      if (stored.includes(text)) return text;
      const converted = asciiDomain(text);
      if ("error" in converted) throw refuse("error parsing %s: %v", text, converted.error);
      return converted.domain;
    });
  return { ...form, domains: domains ?? null };
}
