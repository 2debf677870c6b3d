import { canManage, canManageServer, requireManage } from "#access/policy";
import { refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { runCascades } from "#platform/database";
import type { Cascade, Changes, Database, Queries } from "#platform/database";
import { asciiDomain } from "./domain-name.ts";
import { DDNS_SECRETS, isAttemptCount, mergeSecrets } from "./model.ts";
import type { DdnsProfile, DdnsSettings } from "./model.ts";
import type { DdnsRecord, NamedServer } from "./records/model.ts";
import { recordStore } from "./records/store.ts";
import type { RecordUpdates } from "./records/updates.ts";
import { ddnsKind, ddnsStore } from "./store.ts";
import type { Profiles } from "./store.ts";

const KIND = ddnsKind.name;

export interface DdnsCommandDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly profiles: Profiles;
  readonly updates: RecordUpdates;
  readonly servers: { get(id: number): NamedServer | undefined; list(): readonly NamedServer[] };
  readonly now: () => number;
  /** Throws when one user may not have another row of a kind (spec 60 section 5). */
  readonly requireRoom: (user: User, rows: number) => void;
  /** Rooms that refer to profiles remove their references. */
  readonly cascades: readonly Cascade[];
}

/** What a caller may do with DDNS profiles (spec 11 section 10). */
export function createDdnsCommands({ database, audit, profiles, updates, servers, now, requireRoom, cascades }: DdnsCommandDeps) {
  const deed = (caller: Caller, action: string, key: number) => ({
    actor: actorOf(caller),
    action: `ddns.${action}`,
    kind: KIND,
    key,
    secrets: DDNS_SECRETS,
  });
  /** Also for a transaction of somebody else's (a deleted user's profiles). */
  const deleteRows = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    await runCascades(tx, cascades, ids, changes);
    await ddnsStore.delete(tx, ids);
    await updates.dropProfiles(tx, ids);
    changes.gone(KIND, ids);
  };
  return {
    deleteRows,
    list: (caller: Caller): DdnsProfile[] => profiles.list().filter((profile) => canManage(caller, profile)),

    async create(caller: Caller, user: User, form: DdnsSettings): Promise<number> {
      requireAttempts(form);
      const settings = withAsciiDomains(form);
      return database.change(async (tx, changes) => {
        requireRoom(user, profiles.by("owner", user.id).length);
        const id = await ddnsStore.insert(tx, user.id, settings, now());
        changes.put(KIND, id);
        await audit.write(tx, { ...deed(caller, "create", id), to: settings });
        return id;
      });
    },

    /** Saving runs no update (spec 11 section 10.6). */
    async update(caller: Caller, id: number, form: DdnsSettings): Promise<void> {
      requireAttempts(form);
      await database.change(async (tx, changes) => {
        const stored = mine(caller, id, await ddnsStore.find(tx, id));
        const to = mergeSecrets(stored, withAsciiDomains(form, stored.domains ?? []));
        await ddnsStore.update(tx, id, to, now());
        changes.put(KIND, id);
        await audit.write(tx, { ...deed(caller, "update", id), from: stored, to: { ...stored, ...to } });
      });
    },

    /** All or nothing on permission; unknown ids are ignored (spec 11 section 0.9). */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await ddnsKind.load(tx, [...new Set(ids)]);
        requireManage(caller, found);
        if (found.length === 0) return;
        const gone = found.map((profile) => profile.id);
        for (const from of found) await audit.write(tx, { ...deed(caller, "delete", from.id), from });
        await deleteRows(tx, gone, changes);
      });
    },

    /** What became of a profile's records, of servers the caller may manage. */
    async records(caller: Caller, id: number): Promise<DdnsRecord[]> {
      seen(caller, id, profiles.get(id));
      const records = await recordStore.ofProfile(database.kysely, id);
      return records.filter(({ serverId }) => {
        const server = servers.get(serverId);
        return server !== undefined && isTheirs(caller, server);
      });
    },

    /** Sends all records of a profile again, whatever was published last; how many they are. */
    async test(caller: Caller, id: number): Promise<number> {
      return database.change(async (tx, changes) => {
        seen(caller, id, await ddnsStore.find(tx, id));
        let sent = 0;
        for (const server of servers.list()) {
          if (!server.settings.ddnsProfiles.includes(id) || !isTheirs(caller, server)) continue;
          sent += await updates.publish(tx, changes, server, { again: true, profileId: id });
        }
        if (sent === 0) throw refuseText("no server with a known address uses this profile");
        await audit.write(tx, deed(caller, "test", id));
        return sent;
      });
    },
  };
}

function mine(caller: Caller, id: number, profile: DdnsProfile | undefined): DdnsProfile {
  if (!profile) throw refuse("profile id %d does not exist", id);
  requireManage(caller, [profile]);
  return profile;
}

/** Only ours: who may not manage a profile does not learn that it is there. */
function seen(caller: Caller, id: number, profile: DdnsProfile | undefined): void {
  if (!profile || !canManage(caller, profile)) throw refuse("profile id %d does not exist", id);
}

function isTheirs(caller: Caller, { id, settings }: NamedServer): boolean {
  return canManageServer(caller, { id, ownerId: settings.ownerId });
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
