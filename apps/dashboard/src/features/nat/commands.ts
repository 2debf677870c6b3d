import { canManage, canManageServer, reachesServer } from "#access/policy";
import type { ServerDirectory } from "#features/servers";
import { isAdmin, refuse, refuseText } from "#kernel";
import type { Caller, User } from "#kernel";
import { DatabaseError } from "#platform/database";
import type { Cascade } from "#platform/database";
import { domainKey } from "./directory.ts";
import type { NatDirectory } from "./directory.ts";
import type { NatForm, NatProfile, NatSettings } from "./model.ts";
import type { Protection } from "./protection.ts";
import type { NatStore } from "./store.ts";

export interface NatDeps {
  readonly store: NatStore;
  readonly directory: NatDirectory;
  readonly protection: Protection;
  readonly servers: ServerDirectory;
  readonly now: () => number;
  /** Setting `dashboard_host`. */
  readonly dashboardHost: () => string;
  /** Administrators, and rows of the global agent secret. */
  readonly ownsEverything: (userId: number) => boolean;
  readonly requireRoom: (user: User, rows: number) => void;
}

/** What a caller may do with tunnels (spec 11 section 11.3). */
export function createNatCommands(deps: NatDeps) {
  const { directory, store } = deps;
  const reload = async (): Promise<void> => directory.replace(await store.all());
  const mayTouch = (caller: Caller, profile: NatProfile): boolean => canManage(caller, profile) && reachesServer(caller, profile.serverId);
  const cascade =
    (remove: NatStore["deleteOfServers"], keyOf: (profile: NatProfile) => number): Cascade =>
    async (tx, ids, changes) => {
      await remove(tx, ids);
      changes.afterwards(() => directory.replace(directory.list().filter((profile) => !ids.includes(keyOf(profile)))));
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
  const requireFree = (domain: string, before?: NatProfile): void => {
    const key = domainKey(domain);
    if (key === undefined || domain === before?.domain) return;
    if (directory.list().some((profile) => profile.id !== before?.id && domainKey(profile.domain) === key)) throw refuse("database error");
  };
  return {
    list: (caller: Caller): NatProfile[] => directory.list().filter((profile) => mayTouch(caller, profile)),
    async create(caller: Caller, user: User, form: NatForm): Promise<number> {
      const settings = settingsOf(form, check(caller, form, { domain: "", ownerId: user.id }));
      requireFree(settings.domain);
      deps.requireRoom(user, directory.list().filter((profile) => profile.ownerId === user.id).length);
      const id = await orTaken(store.insert(user.id, settings, deps.now()));
      await reload();
      return id;
    },
    async update(caller: Caller, id: number, form: NatForm): Promise<void> {
      const profile = directory.get(id);
      const settings = settingsOf(form, check(caller, form, profile ?? { domain: "", ownerId: 0 }));
      if (!profile) throw refuse("profile id %d does not exist", id);
      if (!mayTouch(caller, profile)) throw refuse("permission denied");
      requireFree(settings.domain, profile);
      await orTaken(store.update(id, settings, deps.now()));
      await reload();
    },
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      const gone = directory.list().filter((profile) => ids.includes(profile.id));
      if (!gone.every((profile) => mayTouch(caller, profile))) throw refuse("permission denied");
      if (gone.length > 0) await store.delete(gone.map((profile) => profile.id));
      await reload();
    },
    /** Deletions of servers and of users take their tunnels along. */
    cascades: {
      servers: cascade(store.deleteOfServers, ({ serverId }) => serverId),
      users: cascade(store.deleteOfUsers, ({ ownerId }) => ownerId),
    },
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
