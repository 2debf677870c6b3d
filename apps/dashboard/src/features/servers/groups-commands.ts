import { canManage, canViewServer, reachesServer, requireManageServers, serverListOf } from "#access";
import { GUEST, refuse, userOf } from "#kernel";
import type { Caller, User } from "#kernel";
import { collapseNeighbours } from "#platform/database";
import type { Database, GroupStore, StoredGroup } from "#platform/database";
import type { ServerDirectory } from "./directory.ts";

export interface ServerGroupDeps {
  readonly database: Database;
  readonly store: GroupStore;
  readonly servers: ServerDirectory;
  readonly now: () => number;
  /** Rows one member may have (spec 60 section 5). */
  readonly rowsPerMember: number;
}

/** What a caller may do with server groups (spec 11 section 2). */
export function createServerGroups(deps: ServerGroupDeps) {
  const { store, servers } = deps;
  const visible = (caller: Caller, group: StoredGroup): StoredGroup | undefined => {
    const user = userOf(caller);
    if (user && !canManage(caller, group)) return undefined;
    const seen = (id: number): boolean => {
      const server = servers.get(id);
      return user ? reachesServer(caller, id) : server !== undefined && canViewServer(GUEST, server.settings);
    };
    const serverIds = group.memberIds.filter(seen);
    const narrowed = !user || serverListOf(caller) !== undefined;
    return narrowed && serverIds.length === 0 ? undefined : { ...group, memberIds: serverIds };
  };
  const checkMembers = (caller: Caller, ids: readonly number[]): void => {
    const known = ids.map((id) => servers.get(id)?.settings).filter((server) => server !== undefined);
    requireManageServers(caller, known);
  };
  const requireExisting = (ids: readonly number[]): void => {
    if (new Set(ids.filter((id) => servers.get(id))).size !== ids.length) throw refuse("have invalid server id");
  };
  /** A token with a server list must cover every current member. */
  const coversMembers = (caller: Caller, group: StoredGroup): boolean => group.memberIds.every((id) => reachesServer(caller, id));
  return {
    async list(caller: Caller): Promise<StoredGroup[]> {
      return (await store.all()).map((group) => visible(caller, group)).filter((group) => group !== undefined);
    },
    async create(caller: Caller, user: User, form: { name: string; servers: readonly number[] }): Promise<number> {
      const serverIds = collapseNeighbours(form.servers);
      checkMembers(caller, serverIds);
      requireExisting(serverIds);
      const owned = (await store.all()).filter((group) => group.ownerId === user.id).length;
      if (user.role !== 0 && owned >= deps.rowsPerMember) throw refuse("too many rows: at most %d of one kind", deps.rowsPerMember);
      return store.insert({ ownerId: user.id, name: form.name, memberIds: serverIds }, deps.now());
    },
    async update(caller: Caller, user: User, id: number, form: { name: string; servers: readonly number[] }): Promise<void> {
      const serverIds = collapseNeighbours(form.servers);
      checkMembers(caller, serverIds);
      const group = (await store.all()).find((row) => row.id === id);
      if (!group) throw refuse("group id %d does not exist", id);
      if (!canManage(caller, group)) throw refuse("unauthorized");
      if (!coversMembers(caller, group)) throw refuse("permission denied");
      requireExisting(serverIds);
      await store.update({ id, name: form.name, memberIds: serverIds, byUserId: user.id }, deps.now());
    },
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      const groups = (await store.all()).filter((group) => ids.includes(group.id));
      if (!groups.every((group) => canManage(caller, group) && coversMembers(caller, group))) throw refuse("permission denied");
      if (groups.length > 0)
        await deps.database.transaction((tx) =>
          store.delete(
            tx,
            groups.map((group) => group.id),
          ),
        );
    },
  };
}

export type ServerGroups = ReturnType<typeof createServerGroups>;
