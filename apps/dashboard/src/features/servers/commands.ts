import { canManageServer, requireManage } from "#access/policy";
import type { Owned } from "#access/policy";
import { refuse } from "#kernel";
import type { Caller, FactBus } from "#kernel";
import { runCascades } from "#platform/database";
import type { Cascade, Changes, Database, Queries } from "#platform/database";
import type { ServerDirectory } from "./directory.ts";
import { SERVER_GROUP } from "./groups-commands.ts";
import type { LiveServer } from "./live-server.ts";
import type { ServerSettings, ServerStore } from "./store.ts";

export interface ServerCommandDeps {
  readonly database: Database;
  readonly store: ServerStore;
  readonly servers: ServerDirectory;
  readonly facts: FactBus;
  readonly now: () => number;
  readonly newName: () => string;
  /** Servers one member may have by registration (spec 60 section 5). */
  readonly serversPerMember: number;
  readonly isMember: (userId: number) => boolean;
  /** Owner of a DDNS profile, `undefined` when there is none with that id. */
  readonly ddnsProfile: (id: number) => Owned | undefined;
  /** Ids of server groups that have one of these servers. */
  readonly groupsHolding: (tx: Queries, serverIds: readonly number[]) => Promise<readonly number[]>;
  /** Rooms that refer to servers remove their references. */
  readonly cascades: readonly Cascade[];
}

/** What is done to servers: registered by their agents, edited and deleted by people (spec 11 section 1, spec 20 section 3.5). */
export function createServerCommands(deps: ServerCommandDeps) {
  const registering = new Map<string, { readonly ownerId: number; readonly server: Promise<LiveServer> }>();

  const insert = async (uuid: string, ownerId: number): Promise<LiveServer> => {
    const settings = await deps.store.insert({ uuid, ownerId, name: deps.newName() }, deps.now());
    const server = deps.servers.add(settings);
    deps.facts.publish("server.registered", { serverId: server.id });
    return server;
  };

  const arriving = (ownerId: number): number => [...registering.values()].filter((server) => server.ownerId === ownerId).length;

  /** Profiles that the server names already may be gone. */
  const requireProfiles = (caller: Caller, ids: Iterable<number>, stored: readonly number[] = []): void => {
    for (const id of ids) {
      const profile = deps.ddnsProfile(id);
      if (!profile && stored.includes(id)) continue;
      if (!profile) throw refuse("profile id %d does not exist", id);
      requireManage(caller, [profile]);
    }
  };

  return {
    /** The server of an unknown agent; calls that come together for one UUID share one row. */
    async register(uuid: string, ownerId: number): Promise<LiveServer> {
      const known = deps.servers.byUuid(uuid) ?? registering.get(uuid)?.server;
      if (known) return known;
      if (deps.isMember(ownerId) && countOf(deps.servers, ownerId) + arriving(ownerId) >= deps.serversPerMember) {
        throw refuse("too many servers: at most %d for one user", deps.serversPerMember);
      }
      const pending = insert(uuid, ownerId).finally(() => registering.delete(uuid));
      registering.set(uuid, { ownerId, server: pending });
      return pending;
    },

    async update(caller: Caller, id: number, form: ServerSettings): Promise<void> {
      const server = deps.servers.get(id);
      requireProfiles(caller, new Set(form.ddnsProfiles), server?.settings.ddnsProfiles);
      if (!server) throw refuse("server id %d does not exist", id);
      if (!canManageServer(caller, server.settings)) throw refuse("permission denied");
      const saved = await deps.store.update(id, form, deps.now());
      if (!saved) throw refuse("server id %d does not exist", id);
      deps.servers.replace(saved);
      deps.facts.publish("server.updated", { serverId: id });
    },

    /** All or nothing on permission; unknown ids are ignored (spec 11 section 0.9). */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      const servers = [...new Set(ids)].map((id) => deps.servers.get(id)).filter((server) => server !== undefined);
      if (!servers.every((server) => canManageServer(caller, server.settings))) throw refuse("permission denied");
      const gone = servers.map((server) => server.id);
      if (gone.length === 0) return;
      await deps.database.change((tx, changes) => removeRows(tx, gone, changes));
    },

    /** In a transaction of the transfers'; `false` when there is no such row. */
    setOwner: (tx: Queries, id: number, ownerId: number): Promise<boolean> => deps.store.setOwner(tx, id, ownerId, deps.now()),

    /** For a transaction of somebody else's (a deleted user's servers). */
    deleteRows: (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => removeRows(tx, ids, changes),
  };

  async function removeRows(tx: Queries, ids: readonly number[], changes: Changes): Promise<void> {
    changes.afterwards(() => deps.servers.remove(ids));
    await runCascades(tx, deps.cascades, ids, changes);
    changes.put(SERVER_GROUP, ...(await deps.groupsHolding(tx, ids)));
    await deps.store.delete(tx, ids);
    changes.afterwards(() => {
      deps.facts.publish("server.deleted", { serverIds: ids });
    });
  }
}

export type ServerCommands = ReturnType<typeof createServerCommands>;

function countOf(servers: ServerDirectory, ownerId: number): number {
  return servers.list().filter((server) => server.settings.ownerId === ownerId).length;
}
