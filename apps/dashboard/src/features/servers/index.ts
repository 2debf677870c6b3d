import type { AuditLog } from "#platform/audit";
import { createGroupStore, groupKind } from "#platform/database";
import type { Cascade, GroupTables } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createServerCommands } from "./commands.ts";
import type { ServerCommandDeps, ServerCommands } from "./commands.ts";
import { createConditions } from "./conditions.ts";
import type { ConditionDeps, ServerConditions } from "./conditions.ts";
import { createServerDirectory } from "./directory.ts";
import type { ServerDirectory } from "./directory.ts";
import { createServerGroups, SERVER_GROUP } from "./groups-commands.ts";
import { petName } from "./pet-name.ts";
import { createProfileCascade } from "./profile-references.ts";
import { serverRoutes } from "./routes.ts";
import { createServerJson } from "./server-json.ts";
import { createServerStore } from "./store.ts";
import { createTrafficBook } from "./traffic-book.ts";
import type { TrafficBook } from "./traffic-book.ts";
import { createTrafficStore } from "./traffic-store.ts";

export type { ServerCommands } from "./commands.ts";
export type { ServerConditions } from "./conditions.ts";
export { createServerDirectory } from "./directory.ts";
export type { ServerDirectory } from "./directory.ts";
export { LiveServer } from "./live-server.ts";
export type { HostReport } from "./live-server.ts";
export { joinedAddress } from "./model.ts";
export type { GeoAddress, HostInfo, HostState, Server, UnsoundFigure } from "./model.ts";
export type { ServerStore } from "./store.ts";
export type { TrafficBook } from "./traffic-book.ts";
export type { Traffic } from "./traffic-meter.ts";

export interface ServersDeps extends Omit<ServerCommandDeps, "store" | "servers" | "newName" | "groupsHolding"> {
  readonly audit: Pick<AuditLog, "write">;
  readonly random: () => number;
  readonly usernameOf: (userId: number) => string | undefined;
  readonly monotonic: ConditionDeps["monotonic"];
  readonly lastSeen: ConditionDeps["lastSeen"];
  /** Rows of one kind that one member may have. */
  readonly rowsPerMember: number;
}

export interface Servers {
  readonly directory: ServerDirectory;
  readonly commands: ServerCommands;
  readonly traffic: TrafficBook;
  /** What servers are like now, for whoever shows them. */
  readonly conditions: ServerConditions;
  readonly routes: readonly AnyRoute[];
  /** What servers do when something they refer to, or their owner, is deleted. */
  readonly cascades: { readonly ddnsProfiles: Cascade; readonly users: Cascade };
}

const SERVER_GROUPS: GroupTables = {
  groups: "server_groups",
  members: "server_group_servers",
  groupColumn: "server_group_id",
  memberColumn: "server_id",
};

/** Loads all servers and puts the room together. */
export async function createServers(deps: ServersDeps): Promise<Servers> {
  const store = createServerStore(deps.database);
  const trafficStore = createTrafficStore(deps.database);
  const directory = createServerDirectory(await store.all(), await trafficStore.records());
  const groupStore = createGroupStore(SERVER_GROUPS);
  const newName = (): string => petName(deps.random);
  const commands = createServerCommands({ ...deps, store, servers: directory, newName, groupsHolding: groupStore.holding });
  const groups = createServerGroups({
    database: deps.database,
    audit: deps.audit,
    store: groupStore,
    groups: await deps.database.keep(groupKind(SERVER_GROUP, groupStore)),
    servers: directory,
    now: deps.now,
    rowsPerMember: deps.rowsPerMember,
  });
  const conditions = createConditions(deps);
  return {
    directory,
    commands,
    conditions,
    traffic: createTrafficBook(trafficStore),
    routes: serverRoutes({ servers: directory, commands, groups, serverJson: createServerJson(deps.usernameOf, conditions) }),
    cascades: {
      ddnsProfiles: createProfileCascade({ store, servers: directory }),
      async users(tx, userIds, changes) {
        const groupIds = (await groupStore.load(tx)).filter((group) => userIds.includes(group.ownerId)).map((group) => group.id);
        if (groupIds.length > 0) await groupStore.delete(tx, groupIds);
        changes.gone(SERVER_GROUP, groupIds);
        const owned = directory.list().filter((server) => userIds.includes(server.settings.ownerId));
        const ids = owned.map((server) => server.id);
        if (ids.length > 0) await commands.deleteRows(tx, ids, changes);
      },
    },
  };
}
