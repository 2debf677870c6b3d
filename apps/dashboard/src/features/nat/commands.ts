import { canManage, canManageServer, reachesServer } from "#access";
import type { ServerDirectory } from "#features/servers";
import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { DatabaseError } from "#platform/database";
import type { Cascade } from "#platform/database";
import type { NatProfile, NatSettings } from "./model.ts";
import type { NatStore } from "./store.ts";

export interface NatDeps {
  readonly store: NatStore;
  readonly servers: ServerDirectory;
  readonly now: () => number;
  /** Whether a host name is the dashboard's own (GHSA-x6fg-52vr-hj4w: a tunnel must not take it over). */
  readonly isReservedHost: (host: string) => boolean;
  readonly requireRoom: (user: User, rows: number) => void;
}

/** What a caller may do with tunnels, and which tunnel a host name has (spec 11 section 11). Rows of reserved hosts are passed over. */
export function createNatProfiles(deps: NatDeps, stored: readonly NatProfile[]) {
  const { store } = deps;
  let rows: readonly NatProfile[] = stored;
  const reload = async (): Promise<void> => {
    rows = await store.all();
  };
  const mayTouch = (caller: Caller, profile: NatProfile): boolean => canManage(caller, profile) && reachesServer(caller, profile.serverId);
  const cascade =
    (remove: NatStore["deleteOfServers"], keyOf: (profile: NatProfile) => number): Cascade =>
    async (tx, ids) => {
      await remove(tx, ids);
      return () => {
        rows = rows.filter((profile) => !ids.includes(keyOf(profile)));
      };
    };
  const isLive = (profile: NatProfile): boolean => !deps.isReservedHost(profile.domain);

  const check = (caller: Caller, form: NatSettings): void => {
    const server = deps.servers.get(form.serverId);
    if (!server) throw refuse("have invalid server id");
    if (!canManageServer(caller, server.settings) || deps.isReservedHost(form.domain)) throw refuse("permission denied");
  };
  const requireFree = (domain: string, except: number): void => {
    if (rows.some((profile) => profile.domain === domain && profile.id !== except)) throw refuse("database error");
  };
  return {
    list: (caller: Caller): NatProfile[] => rows.filter((profile) => isLive(profile) && mayTouch(caller, profile)),
    /** The tunnel of a `Host` value, taken literally; none for requests without one. */
    byDomain(domain: string): NatProfile | undefined {
      const profile = domain === "" ? undefined : rows.find((row) => row.domain === domain);
      return profile && isLive(profile) ? profile : undefined;
    },
    async create(caller: Caller, user: User, form: NatSettings): Promise<number> {
      check(caller, form);
      requireFree(form.domain, 0);
      deps.requireRoom(user, rows.filter((profile) => profile.ownerId === user.id).length);
      const id = await orTaken(store.insert(user.id, form, deps.now()));
      await reload();
      return id;
    },
    async update(caller: Caller, id: number, form: NatSettings): Promise<void> {
      check(caller, form);
      const profile = rows.find((row) => row.id === id);
      if (!profile) throw refuse("profile id %d does not exist", id);
      if (!mayTouch(caller, profile)) throw refuse("permission denied");
      requireFree(form.domain, id);
      await orTaken(store.update(id, form, deps.now()));
      await reload();
    },
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      const gone = rows.filter((profile) => ids.includes(profile.id));
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

/** Somebody else took the host name between the look and the write. */
async function orTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof DatabaseError && error.failure === "constraint") throw refuse("database error");
    throw error;
  }
}

export type NatProfiles = ReturnType<typeof createNatProfiles>;
