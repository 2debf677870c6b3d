import type { UserAccess } from "@windfire/api";
import { refuse, refuseText, ROLE, userOf } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Cascade, Changes, Database, Queries } from "#platform/database";
import { accessStore } from "./access-store.ts";
import type { ViewerRows } from "./access-store.ts";
import { accountStore, userKind } from "./account-store.ts";
import type { Account } from "./account-store.ts";
import { requireAdministrator } from "./administrators.ts";
import { sessionStore } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";
import type { TokenCommands } from "./token-commands.ts";

export interface ViewerCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly sessions: Pick<Sessions, "end">;
  readonly tokens: Pick<TokenCommands, "deleteOfUsers">;
  /** Owner of a server, `undefined` when there is no such server. */
  readonly ownerOfServer: (serverId: number) => number | undefined;
  /** Members of a server group, `undefined` when there is no such group. */
  readonly serversOfGroup: (groupId: number) => readonly number[] | undefined;
  /** What a user owns, in words of the tables; empty for who owns nothing. */
  readonly rowsOf: (tx: Queries, userId: number) => Promise<readonly string[]>;
}

const KIND = userKind.name;

/** Makes viewers of members, members of viewers, and says what viewers see. */
export function createViewerCommands(deps: ViewerCommandDeps) {
  const { audit, database } = deps;
  const forget =
    (kind: "server" | "server-group"): Cascade =>
    async (tx, ids, changes) => {
      for (const userId of await accessStore.forget(tx, kind, ids)) changes.put(KIND, userId);
    };
  return {
    /** Ends what the user has open; whoever becomes something else loses the access tokens too. */
    setAccess: async (caller: Caller, userId: number, form: UserAccess): Promise<void> =>
      database.change(async (tx, changes) => {
        await requireAdministrator(tx, caller);
        const account = await accountStore.find(tx, userId);
        if (!account) throw refuse("user id %d does not exist", userId);
        if (userId === userOf(caller)?.id) throw refuseText("access: not of the own account");
        if (account.user.role === ROLE.admin) throw refuseText("access: only members can become viewers");
        const to = form.access === "viewer" ? checkedRows(form, deps) : undefined;
        if (to && !account.viewer) await requireNothingOwned(tx, deps, userId);
        if (to) await accessStore.set(tx, userId, to);
        else await accessStore.remove(tx, [userId]);
        changes.put(KIND, userId);
        if ((to === undefined) !== (account.viewer === undefined)) await deps.tokens.deleteOfUsers(tx, changes, [userId]);
        await deps.sessions.end(tx, changes, await sessionStore.liveKeysByUser(tx, [userId]), "logout");
        await audit.write(tx, {
          actor: actorOf(caller),
          action: "user.set-access",
          kind: KIND,
          key: userId,
          from: shown(account),
          to: shown({ viewer: to }),
        });
      }),
    /** Part of the creation of a user. */
    async begin(tx: Queries, changes: Changes, userId: number, form: Omit<UserAccess, "access">): Promise<ViewerRows> {
      const rows = checkedRows(form, deps);
      await accessStore.set(tx, userId, rows);
      changes.put(KIND, userId);
      return rows;
    },
    cascades: {
      servers: forget("server"),
      serverGroups: forget("server-group"),
    },
  };
}

export type ViewerCommands = ReturnType<typeof createViewerCommands>;

function checkedRows(form: Omit<UserAccess, "access">, deps: Pick<ViewerCommandDeps, "ownerOfServer" | "serversOfGroup">): ViewerRows {
  const [serverIds, groupIds] = [[...new Set(form.servers)], [...new Set(form.server_groups)]];
  const noServer = serverIds.find((id) => deps.ownerOfServer(id) === undefined);
  if (noServer !== undefined) throw refuse("server id %d does not exist", noServer);
  const noGroup = groupIds.find((id) => deps.serversOfGroup(id) === undefined);
  if (noGroup !== undefined) throw refuse("group id %d does not exist", noGroup);
  return { serverIds, groupIds };
}

/** @throws {AppError} that names what has to go first */
export async function requireNothingOwned(tx: Queries, { rowsOf }: Pick<ViewerCommandDeps, "rowsOf">, userId: number): Promise<void> {
  const owned = await rowsOf(tx, userId);
  if (owned.length > 0) throw refuseText(`access: viewers own nothing; hand over or delete first: ${owned.join(", ")}`);
}

/** What the audit log says. */
function shown({ viewer }: Pick<Account, "viewer">): object {
  return viewer ? { access: "viewer", ...viewer } : { access: "member" };
}
