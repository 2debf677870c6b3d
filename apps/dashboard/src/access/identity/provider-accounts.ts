import { characters, LIMITS } from "@windfire/api";
import { randomText } from "@windfire/kit";
import type { RandomBytes } from "@windfire/kit";
import type { OAuth2, OAuth2Arrived } from "#access/oauth2";
import { refuseText, ROLE } from "#kernel";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import type { Passwords } from "#platform/password";
import { accessStore, NOTHING_TO_SEE } from "./access-store.ts";
import { accountStore, userKind } from "./account-store.ts";
import type { Account } from "./account-store.ts";
import type { AccountDirectory } from "./accounts.ts";
import { changeRole } from "./role-change.ts";
import type { RoleChangeDeps } from "./role-change.ts";
import { sessionStore } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";
import type { TokenCommands } from "./token-commands.ts";
import { AGENT_SECRET_LENGTH } from "./user-commands.ts";
import { requireNothingOwned } from "./viewer-commands.ts";
import type { ViewerCommandDeps } from "./viewer-commands.ts";

export interface ProviderAccountDeps extends RoleChangeDeps {
  readonly random: RandomBytes;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly accounts: AccountDirectory;
  readonly passwords: Pick<Passwords, "hash">;
  readonly oauth2: Pick<OAuth2, "bindNew">;
  readonly sessions: Pick<Sessions, "end">;
  readonly tokens: Pick<TokenCommands, "deleteOfUsers">;
  readonly rowsOf: ViewerCommandDeps["rowsOf"];
}

type Wanted = NonNullable<OAuth2Arrived["role"]>;

const KIND = userKind.name;
/** Nobody ever sees it, and signing in with it is refused. */
const PASSWORD_LENGTH = 64;

/** Accounts of people who come through providers: made where the configuration says so, and what the provider makes of them. */
export function createProviderAccounts(deps: ProviderAccountDeps) {
  const { audit, database } = deps;

  const create = async (arrived: OAuth2Arrived, address: string): Promise<number> => {
    const username = arrived.name;
    if (username === "" || !characters(LIMITS.name).safeParse(username).success) throw refuseText("oauth2: the provider gave no user name");
    // An account is never given to whoever has its name elsewhere.
    if (deps.accounts.byName(username)) throw refuseText("oauth2: the user name is taken: sign in, and link this account under Profile");
    const passwordHash = await deps.passwords.hash(randomText(deps.random, PASSWORD_LENGTH));
    const agentSecret = randomText(deps.random, AGENT_SECRET_LENGTH);
    return database.change(async (tx, changes) => {
      const wanted = arrived.role ?? "member";
      const role = wanted === "administrator" ? ROLE.admin : ROLE.member;
      const { user } = await accountStore.insert(tx, { username, passwordHash, role, agentSecret }, deps.now());
      await accountStore.rejectPassword(tx, user.id);
      if (wanted === "viewer") await accessStore.set(tx, user.id, NOTHING_TO_SEE);
      changes.put(KIND, user.id);
      await deps.oauth2.bindNew(tx, changes, user.id, arrived.account);
      const actor = { kind: "user", userId: user.id, username, tokenId: 0, address } as const;
      await audit.write(tx, {
        actor,
        action: "user.create",
        kind: KIND,
        key: user.id,
        to: { username, access: wanted, by: arrived.provider },
      });
      return user.id;
    });
  };

  /** Who becomes something else loses what is open and the access tokens: those were made by what they were. */
  const become = async (tx: Queries, changes: Changes, account: Account, wanted: Wanted): Promise<void> => {
    const { id } = account.user;
    if (account.user.role === ROLE.admin) await requireAnotherAdministrator(tx, id);
    if (wanted === "viewer") await requireNothingOwned(tx, deps, id);
    await changeRole(deps, tx, changes, account.user, wanted === "administrator" ? ROLE.admin : ROLE.member);
    if (wanted === "viewer") await accessStore.set(tx, id, NOTHING_TO_SEE);
    else await accessStore.remove(tx, [id]);
    changes.put(KIND, id);
    await deps.tokens.deleteOfUsers(tx, changes, [id]);
    await deps.sessions.end(tx, changes, await sessionStore.liveKeysByUser(tx, [id]), "logout");
  };

  return {
    /** @returns the user who came, who is what the provider says by now */
    async welcome(arrived: OAuth2Arrived, address: string): Promise<number> {
      const { userId, role } = arrived;
      if (userId === undefined) return create(arrived, address);
      const known = deps.accounts.get(userId);
      if (role === undefined || !known || known.disabled || standingOf(known) === role) return userId;
      await database.change(async (tx, changes) => {
        const account = await accountStore.find(tx, userId);
        if (!account || account.disabled || standingOf(account) === role) return;
        await become(tx, changes, account, role);
        const actor = { kind: "user", userId, username: account.user.username, tokenId: 0, address } as const;
        const [from, to] = [{ access: standingOf(account) }, { access: role, by: arrived.provider }];
        await audit.write(tx, { actor, action: "user.set-access", kind: KIND, key: userId, from, to });
      });
      return userId;
    },
  };
}

export type ProviderAccounts = ReturnType<typeof createProviderAccounts>;

function standingOf({ user, viewer }: Account): Wanted {
  if (viewer) return "viewer";
  return user.role === ROLE.admin ? "administrator" : "member";
}

/** A provider cannot leave a dashboard without anybody who may change its settings. */
async function requireAnotherAdministrator(tx: Queries, userId: number): Promise<void> {
  const others = (await userKind.load(tx)).filter(({ user, disabled }) => user.id !== userId && user.role === ROLE.admin && !disabled);
  if (others.length === 0)
    throw refuseText("oauth2: the provider would take the last administrator away: give the group of one the role first");
}
