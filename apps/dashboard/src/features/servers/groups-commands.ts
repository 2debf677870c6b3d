import { canManage, canViewServer, reachesServer, requireManageServers, serverListOf } from "#access/policy";
import { refuse, sightOf, userOf } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf, SYSTEM } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { collapseNeighbours, runCascades } from "#platform/database";
import type { Cascade, Changes, Database, Groups, GroupStore, Queries, StoredGroup } from "#platform/database";
import type { ServerDirectory } from "./directory.ts";

export interface ServerGroupDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly store: GroupStore;
  readonly groups: Groups;
  readonly servers: ServerDirectory;
  readonly now: () => number;
  /** What goes when a group goes. */
  readonly groupCascades: readonly Cascade[];
  /** Rows one member may have (spec 60 section 5). */
  readonly rowsPerMember: number;
}

/** As the change log names them. */
export const SERVER_GROUP = "server-group";

/** What a caller may do with server groups (spec 11 section 2). */
export function createServerGroups(deps: ServerGroupDeps) {
  const { database, audit, groups, now, store, servers } = deps;
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
    list: (caller: Caller): StoredGroup[] => groups.list().flatMap((group) => visibleTo(caller, group, servers) ?? []),
    async create(caller: Caller, user: User, form: { name: string; servers: readonly number[] }): Promise<number> {
      const serverIds = collapseNeighbours(form.servers);
      checkMembers(caller, serverIds);
      requireExisting(serverIds);
      const owned = groups.by("owner", user.id).length;
      if (user.role !== 0 && owned >= deps.rowsPerMember) throw refuse("too many rows: at most %d of one kind", deps.rowsPerMember);
      return database.change(async (tx, changes) => {
        const id = await store.insert(tx, { ownerId: user.id, name: form.name, memberIds: serverIds }, now());
        changes.put(SERVER_GROUP, id);
        await audit.write(tx, { actor: actorOf(caller), action: "server-group.create", kind: SERVER_GROUP, key: id, to: form });
        return id;
      });
    },
    async update(caller: Caller, user: User, id: number, form: { name: string; servers: readonly number[] }): Promise<void> {
      const memberIds = collapseNeighbours(form.servers);
      checkMembers(caller, memberIds);
      await database.change(async (tx, changes) => {
        const group = await store.find(tx, id);
        if (!group) throw refuse("group id %d does not exist", id);
        if (!canManage(caller, group)) throw refuse("unauthorized");
        if (!coversMembers(caller, group)) throw refuse("permission denied");
        requireExisting(memberIds);
        await store.update(tx, { id, name: form.name, memberIds, byUserId: user.id }, now());
        changes.put(SERVER_GROUP, id);
        const to = { ...group, name: form.name, memberIds };
        await audit.write(tx, { actor: actorOf(caller), action: "server-group.update", kind: SERVER_GROUP, key: id, from: group, to });
      });
    },
    /** In somebody else's transaction; a group that is no more takes nobody. */
    async addMember(tx: Queries, changes: Changes, id: number, serverId: number): Promise<void> {
      const group = id === 0 ? undefined : await store.find(tx, id);
      if (!group) return;
      const memberIds = [...group.memberIds, serverId];
      await store.update(tx, { id, name: group.name, memberIds, byUserId: group.ownerId }, now());
      changes.put(SERVER_GROUP, id);
      await audit.write(tx, {
        actor: SYSTEM,
        action: "server-group.update",
        kind: SERVER_GROUP,
        key: id,
        from: group,
        to: { ...group, memberIds },
      });
    },
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await store.load(tx, ids);
        if (!found.every((group) => canManage(caller, group) && coversMembers(caller, group))) throw refuse("permission denied");
        if (found.length === 0) return;
        const gone = found.map((group) => group.id);
        await runCascades(tx, deps.groupCascades, gone, changes);
        await store.delete(tx, gone);
        changes.gone(SERVER_GROUP, gone);
        for (const group of found)
          await audit.write(tx, { actor: actorOf(caller), action: "server-group.delete", kind: SERVER_GROUP, key: group.id, from: group });
      });
    },
  };
}

/** The group with those of its members that the caller sees; `undefined` for who may not know of it. */
function visibleTo(caller: Caller, group: StoredGroup, servers: Pick<ServerDirectory, "get">): StoredGroup | undefined {
  const user = userOf(caller);
  const sight = sightOf(caller);
  if (user && !sight && !canManage(caller, group)) return undefined;
  const seen = (id: number): boolean => {
    const server = servers.get(id);
    if (sight) return sight.has(id) && reachesServer(caller, id);
    return user ? reachesServer(caller, id) : server !== undefined && canViewServer(caller, server.settings);
  };
  const memberIds = group.memberIds.filter(seen);
  const narrowed = !user || sight !== undefined || serverListOf(caller) !== undefined;
  return narrowed && memberIds.length === 0 ? undefined : { ...group, memberIds };
}

export type ServerGroups = ReturnType<typeof createServerGroups>;
