import { canManage, canManageServer, reachesServer } from "#access/policy";
import type { ServerDirectory } from "#features/servers";
import { isAdmin, refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { DatabaseError } from "#platform/database";
import type { Cascade, Database, Queries } from "#platform/database";
import type { NatForm, NatProfile, NatSettings } from "./model.ts";
import type { Protection } from "./protection.ts";
import { natKind, natStore } from "./store.ts";
import type { NatRecords } from "./store.ts";
import { domainKey } from "./tunnel-index.ts";

const KIND = natKind.name;

export interface NatDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly profiles: Pick<NatRecords, "list" | "by">;
  readonly protection: Protection;
  readonly servers: Pick<ServerDirectory, "get">;
  readonly now: () => number;
  /** Setting `dashboard_host`. */
  readonly dashboardHost: () => string;
  /** Administrators, and rows of the global agent secret. */
  readonly ownsEverything: (userId: number) => boolean;
  readonly requireRoom: (user: User, rows: number) => void;
}

/** What a caller may do with tunnels (spec 11 section 11.3). */
export function createNatCommands(deps: NatDeps) {
  const { audit, database, now, profiles } = deps;
  const mayTouch = (caller: Caller, profile: NatProfile): boolean => canManage(caller, profile) && reachesServer(caller, profile.serverId);
  const cascade =
    (keyOf: (profile: NatProfile) => number): Cascade =>
    async (tx, ids, changes) => {
      const gone = (await natKind.load(tx)).filter((profile) => ids.includes(keyOf(profile))).map(({ id }) => id);
      if (gone.length > 0) await natStore.delete(tx, gone);
      changes.gone(KIND, gone);
    };
  /** A host name of the dashboard's own is nobody's; one that only agents used is an administrator's who types it again. */
  const requireUnprotected = (caller: Caller, form: NatForm, ownerId: number): void => {
    const hostClass = deps.protection.classOf(form.domain);
    if (hostClass === undefined) return;
    // A tunnel of a member stays one when an administrator edits it.
    if (hostClass !== "agent" || !isAdmin(caller) || !deps.ownsEverything(ownerId)) throw refuse("permission denied");
    if (form.confirmDomain !== form.domain) throw refuseText("agents use this host name: repeat it in confirm_domain to take it");
  };
  /** In the order of the specification. @returns the domain to store */
  const check = (caller: Caller, form: NatForm, before: Pick<NatProfile, "domain" | "ownerId">): string => {
    const server = deps.servers.get(form.serverId);
    if (!server) throw refuse("have invalid server id");
    if (!canManageServer(caller, server.settings)) throw refuse("permission denied");
    // What an older database holds may stay: it is not matched while it is no host name or protected.
    const isOld = form.domain !== "" && form.domain === before.domain;
    const domain = isOld ? form.domain : domainKey(form.domain);
    if (domain === undefined) throw refuseText("domain is not a host name");
    if (form.enabled && !isAdmin(caller) && deps.dashboardHost() === "")
      throw refuseText("dashboard_host is not set: an administrator must set it before members can open tunnels");
    if (form.enabled || !isOld) requireUnprotected(caller, form, before.ownerId);
    return domain;
  };
  const requireFree = async (tx: Queries, domain: string, before?: NatProfile): Promise<void> => {
    const key = domainKey(domain);
    if (key === undefined || domain === before?.domain) return;
    const others = (await natKind.load(tx)).filter(({ id }) => id !== before?.id);
    if (others.some((other) => domainKey(other.domain) === key)) throw refuse("database error");
  };
  const deed = (caller: Caller, action: string, key: number) => ({ actor: actorOf(caller), action: `nat.${action}`, kind: KIND, key });
  return {
    list: (caller: Caller): NatProfile[] => profiles.list().filter((profile) => mayTouch(caller, profile)),
    async create(caller: Caller, user: User, form: NatForm): Promise<number> {
      return database.change(async (tx, changes) => {
        const settings = settingsOf(form, check(caller, form, { domain: "", ownerId: user.id }));
        await requireFree(tx, settings.domain);
        deps.requireRoom(user, profiles.by("owner", user.id).length);
        const id = await orTaken(natStore.insert(tx, user.id, settings, now()));
        changes.put(KIND, id);
        await audit.write(tx, { ...deed(caller, "create", id), to: settings });
        return id;
      });
    },
    async update(caller: Caller, id: number, form: NatForm): Promise<void> {
      await database.change(async (tx, changes) => {
        const stored = await natStore.find(tx, id);
        const settings = settingsOf(form, check(caller, form, stored ?? { domain: "", ownerId: 0 }));
        if (!stored) throw refuse("profile id %d does not exist", id);
        if (!mayTouch(caller, stored)) throw refuse("permission denied");
        await requireFree(tx, settings.domain, stored);
        await orTaken(natStore.update(tx, id, settings, now()));
        changes.put(KIND, id);
        await audit.write(tx, { ...deed(caller, "update", id), from: stored, to: { ...stored, ...settings } });
      });
    },
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await natKind.load(tx, [...new Set(ids)]);
        if (!found.every((profile) => mayTouch(caller, profile))) throw refuse("permission denied");
        if (found.length === 0) return;
        for (const from of found) await audit.write(tx, { ...deed(caller, "delete", from.id), from });
        const gone = found.map(({ id }) => id);
        await natStore.delete(tx, gone);
        changes.gone(KIND, gone);
      });
    },
    /** Deletions of servers and of users take their tunnels along. */
    cascades: { servers: cascade(({ serverId }) => serverId), users: cascade(({ ownerId }) => ownerId) },
  };
}

function settingsOf({ enabled, name, serverId, host }: NatForm, domain: string): NatSettings {
  return { enabled, name, serverId, host, domain };
}

/** Somebody else took the host name between the look and the write. */
async function orTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof DatabaseError && error.failure === "constraint") throw refuse("database error");
    throw error;
  }
}

export type NatCommands = ReturnType<typeof createNatCommands>;
