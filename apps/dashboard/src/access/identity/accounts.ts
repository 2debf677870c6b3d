import { ROLE } from "#kernel";
import type { User } from "#kernel";
import type { StoredTime } from "#platform/database";

/** A user as stored, without the password hash. Replaced, never changed. */
export interface Account {
  readonly user: User;
  readonly agentSecret: string;
  /** Sign-in by password is refused. */
  readonly rejectPassword: boolean;
  /** Sessions with another number are over. */
  readonly tokenVersion: number;
  readonly createdAt: StoredTime;
  readonly updatedAt: StoredTime;
}

/** What other rooms may ask about users. */
export interface Users {
  get(id: number): Account | undefined;
  /** "" for the global owner 0 and unknown ids. */
  nameOf(id: number): string;
  /** Whether an owner's records address every server: administrators and the global owner 0 (spec 11 section 0.6). */
  ownsEverything(id: number): boolean;
  /** Whose agents present this secret; 0 for the global one (spec 10 section 11.1). */
  bySecret(secret: string): number | undefined;
  list(): readonly Account[];
  readonly count: number;
}

/** All users in memory, in the order of their ids. The store is written first. */
export interface AccountDirectory extends Users {
  byName(username: string): Account | undefined;
  put(account: Account): void;
  remove(ids: readonly number[]): void;
}

export function createAccountDirectory(deps: { globalSecret: string }): AccountDirectory {
  const accounts = new Map<number, Account>();
  const names = new Map<string, number>();
  const secrets = new Map<string, number>();
  if (deps.globalSecret !== "") secrets.set(deps.globalSecret, 0);
  const forget = (id: number): void => {
    const account = accounts.get(id);
    if (!account) return;
    accounts.delete(id);
    names.delete(account.user.username);
    if (secrets.get(account.agentSecret) === id) secrets.delete(account.agentSecret);
  };
  return {
    get: (id) => accounts.get(id),
    nameOf: (id) => accounts.get(id)?.user.username ?? "",
    ownsEverything: (id) => id === 0 || accounts.get(id)?.user.role === ROLE.admin,
    bySecret: (secret) => secrets.get(secret),
    list: () => [...accounts.values()].toSorted((a, b) => a.user.id - b.user.id),
    get count() {
      return accounts.size;
    },
    byName(username) {
      const id = names.get(username);
      return id === undefined ? undefined : accounts.get(id);
    },
    put(account) {
      const { id, username } = account.user;
      forget(id);
      accounts.set(id, account);
      names.set(username, id);
      // An account never takes the global secret over, whatever somebody wrote into its row.
      if (account.agentSecret !== deps.globalSecret) secrets.set(account.agentSecret, id);
    },
    remove(ids) {
      for (const id of ids) forget(id);
    },
  };
}
