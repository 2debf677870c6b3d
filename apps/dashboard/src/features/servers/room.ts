import type { Owned, OwnedServer } from "#access/policy";
import type { TrafficLedger } from "#features/traffic";
import type { Caller } from "#kernel";
import type { AuditLog } from "#platform/audit";
import { createGroupStore, groupKind, runCascades } from "#platform/database";
import type { Cascade, Changes, Database, Groups, GroupTables, Queries } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createAdmission } from "./admission.ts";
import type { AdmissionDeps, Newcomer } from "./admission.ts";
import { createServerCommands } from "./commands.ts";
import type { ServerCommandDeps, ServerCommands } from "./commands.ts";
import { createConditions } from "./conditions.ts";
import type { ConditionDeps, ServerConditions } from "./conditions.ts";
import { createServerDirectory, followServers } from "./directory.ts";
import type { ServerDirectory } from "./directory.ts";
import { createServerGroups, SERVER_GROUP } from "./groups-commands.ts";
import type { LiveServer } from "./live-server.ts";
import { petName } from "./pet-name.ts";
import { forgetProfiles } from "./profile-references.ts";
import { createRegistration } from "./registration.ts";
import type { RegistrationDeps } from "./registration.ts";
import { groupView, serverRoutes } from "./routes.ts";
import { createServerJson } from "./server-json.ts";
import { createServerList } from "./server-list.ts";
import { serverOptionsStore } from "./options-store.ts";
import { serverKind, serverStore } from "./store.ts";

/** What the room needs of others. */
export interface ServersDeps {
  readonly database: Database;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly random: () => number;
  readonly monotonic: ConditionDeps["monotonic"];
  readonly pause: RegistrationDeps["pause"];
  readonly lastSeen: ConditionDeps["lastSeen"];
  readonly isUnheard?: ConditionDeps["isUnheard"];
  readonly usernameOf: (userId: number) => string | undefined;
  readonly isMember: AdmissionDeps["isMember"];
  readonly isOwner: AdmissionDeps["isOwner"];
  readonly serversPerMember: AdmissionDeps["serversPerMember"];
  /** Rows of one kind that one member may have. */
  readonly rowsPerMember: number;
  readonly ddnsProfile: ServerCommandDeps["ddnsProfile"];
  readonly onSave: ServerCommandDeps["onSave"];
  readonly requirePath: ServerCommandDeps["requirePath"];
  readonly cascades: ServerCommandDeps["cascades"];
  readonly movedCascades: ServerCommandDeps["movedCascades"];
  /** What goes when a server group goes. */
  readonly groupCascades: readonly Cascade[];
  /** What an earlier process kept of servers' counters, by id. */
  readonly trafficRecords: TrafficLedger["records"];
  /** Hears of those who follow servers and throw. */
  readonly onError: (error: unknown) => void;
}

export interface Servers {
  readonly directory: ServerDirectory;
  readonly commands: ServerCommands;
  /** The server of an unknown agent, with the owner of its secret. @throws {AppError} when the owner is gone or has too many */
  readonly register: (uuid: string, ownerId: number) => Promise<LiveServer>;
  /**
   * The server of a host that is enrolled, in a transaction; made, and put into the group, when there is none with its UUID.
   * @throws {AppError} when the owner is gone or has too many
   */
  readonly admit: (tx: Queries, changes: Changes, newcomer: Newcomer & { readonly groupId: number }) => Promise<OwnedServer>;
  /** A server group, as of the transaction. */
  readonly findGroup: (tx: Queries, id: number) => Promise<Owned | undefined>;
  readonly groups: Pick<Groups, "get">;
  /** The groups that a caller may see, as the API gives them. */
  readonly groupsFor: (caller: Caller) => readonly ReturnType<typeof groupView>[];
  /** What servers are like now, for whoever shows them. */
  readonly conditions: ServerConditions;
  readonly routes: readonly AnyRoute[];
  /** What servers do when something they refer to, or their owner, is deleted. */
  readonly cascades: { readonly ddnsProfiles: Cascade; readonly services: Cascade; readonly users: Cascade };
}

const SERVER_GROUPS: GroupTables = {
  groups: "server_groups",
  members: "server_group_servers",
  groupColumn: "server_group_id",
  memberColumn: "server_id",
};

/** Loads all servers and puts the room together. */
export async function createServers(deps: ServersDeps): Promise<Servers> {
  const { database } = deps;
  await database.transaction((tx) => serverOptionsStore.sweep(tx));
  const records = await database.keep(serverKind);
  const directory = createServerDirectory(records.list(), deps.onError);
  followServers(records, directory);
  for (const [id, record] of await deps.trafficRecords()) directory.get(id)?.traffic.restore(record);
  const groupStore = createGroupStore(SERVER_GROUPS);
  const commands = createServerCommands({ ...deps, groupsHolding: groupStore.holding });
  const groups = await database.keep(groupKind(SERVER_GROUP, groupStore));
  const groupVerbs = createServerGroups({ ...deps, store: groupStore, groups, servers: directory });
  const conditions = createConditions(deps);
  const admit = createAdmission({ ...deps, newName: () => petName(deps.random) });
  return {
    directory,
    commands,
    conditions,
    groups,
    groupsFor: (caller) => groupVerbs.list(caller).map(groupView),
    register: createRegistration({ database, servers: directory, admit, pause: deps.pause }),
    async admit(tx, changes, newcomer) {
      const [known] = await serverStore.withUuids(tx, [newcomer.uuid]);
      if (known) return known;
      const id = await admit(tx, changes, newcomer);
      await groupVerbs.addMember(tx, changes, newcomer.groupId, id);
      return { id, ownerId: newcomer.ownerId };
    },
    findGroup: groupStore.find,
    routes: serverRoutes({
      servers: directory,
      commands,
      groups: groupVerbs,
      list: createServerList(createServerJson(deps.usernameOf, conditions), deps.monotonic),
    }),
    cascades: {
      ddnsProfiles: forgetProfiles,
      services: (tx, ids, changes) => commands.forgetPaths(tx, changes, "service", ids),
      async users(tx, userIds, changes) {
        const groupIds = (await groupStore.load(tx)).filter((group) => userIds.includes(group.ownerId)).map((group) => group.id);
        if (groupIds.length > 0) {
          await runCascades(tx, deps.groupCascades, groupIds, changes);
          await groupStore.delete(tx, groupIds);
        }
        changes.gone(SERVER_GROUP, groupIds);
        const ids = await serverStore.idsOwnedBy(tx, userIds);
        if (ids.length > 0) await commands.deleteRows(tx, ids, changes);
      },
    },
  };
}
