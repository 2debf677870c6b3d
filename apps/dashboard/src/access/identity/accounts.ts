import { ROLE } from "#kernel";
import type { Account, Accounts } from "./account-store.ts";

/** What other rooms may ask about users. */
export interface Users {
  get(id: number): Account | undefined;
  /** "" for the global owner 0 and unknown ids. */
  nameOf(id: number): string;
  /** Whether an owner's records address every server: administrators and the global owner 0 (spec 11 section 0.6). */
  ownsEverything(id: number): boolean;
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

export function createAccountDirectory(deps: { accounts: Accounts; globalSecret: string }): AccountDirectory {
  const { accounts, globalSecret } = deps;
  return {
    get: accounts.get,
    nameOf: (id) => accounts.get(id)?.user.username ?? "",
    ownsEverything: (id) => id === 0 || accounts.get(id)?.user.role === ROLE.admin,
    // An account never takes the global secret over, whatever somebody wrote into its row.
    bySecret: (secret) => (secret !== "" && secret === globalSecret ? 0 : accounts.by("secret", secret)[0]?.user.id),
    list: accounts.list,
    get count() {
      return accounts.size;
    },
    byName: (username) => accounts.by("username", username)[0],
  };
}
