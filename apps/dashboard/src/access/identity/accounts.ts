import { ROLE } from "#kernel";
import type { Sight } from "#kernel";
import type { Queries } from "#platform/database";
import { NOTHING_TO_SEE } from "./access-store.ts";
import { accountStore } from "./account-store.ts";
import type { Account, Accounts } from "./account-store.ts";

/** What other rooms may ask about users. */
export interface Users {
  get(id: number): Account | undefined;
  /** "" for the global owner 0 and unknown ids. */
  nameOf(id: number): string;
  /** Whether an owner's records address every server: administrators and the global owner 0 (spec 11 section 0.6). */
  ownsEverything(id: number): boolean;
  /** The same as a transaction sees it. */
  ownsEverythingIn(tx: Queries, id: number): Promise<boolean>;
  /** Whose agents present this secret; 0 for the global one (spec 10 section 11.1). */
  bySecret(secret: string): number | undefined;
  /** In the order of their ids. */
  list(): readonly Account[];
  readonly count: number;
}

/** All users in memory. */
export interface AccountDirectory extends Users {
  byName(username: string): Account | undefined;
}

export function createAccountDirectory(deps: {
  accounts: Accounts;
  globalSecret: string;
  serversOfGroup: (groupId: number) => readonly number[] | undefined;
}): AccountDirectory {
  const { accounts, globalSecret, serversOfGroup } = deps;
  /** Lists of servers, asked for anew each time: whoever has a stream open sees what there is to see now. */
  const seenBy = (id: number): readonly (readonly number[])[] => {
    const { serverIds, groupIds } = accounts.get(id)?.viewer ?? NOTHING_TO_SEE;
    return [serverIds, ...groupIds.map((groupId) => serversOfGroup(groupId) ?? [])];
  };
  const sightOf = (id: number): Sight => ({
    serverIds: () => [...new Set(seenBy(id).flat())],
    has: (serverId) => seenBy(id).some((serverIds) => serverIds.includes(serverId)),
  });
  const withSight = (account: Account | undefined): Account | undefined =>
    account?.viewer ? { ...account, user: { ...account.user, sight: sightOf(account.user.id) } } : account;
  return {
    get: (id) => withSight(accounts.get(id)),
    nameOf: (id) => accounts.get(id)?.user.username ?? "",
    ownsEverything: (id) => id === 0 || accounts.get(id)?.user.role === ROLE.admin,
    ownsEverythingIn: async (tx, id) => id === 0 || (await accountStore.find(tx, id))?.user.role === ROLE.admin,
    // An account never takes the global secret over, whatever somebody wrote into its row.
    bySecret: (secret) => (secret !== "" && secret === globalSecret ? 0 : accounts.by("secret", secret)[0]?.user.id),
    list: accounts.list,
    get count() {
      return accounts.size;
    },
    byName: (username) => withSight(accounts.by("username", username)[0]),
  };
}
