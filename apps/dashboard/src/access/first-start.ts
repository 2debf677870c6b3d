import { ROLE } from "#kernel";
import type { AccountDirectory } from "./accounts.ts";
import type { AccountStore } from "./account-store.ts";
import { MAX_PASSWORD_BYTES } from "#platform/password";
import type { Passwords } from "#platform/password";
import { randomText } from "./random-text.ts";
import type { RandomBytes } from "./random-text.ts";
import { AGENT_SECRET_LENGTH } from "./user-commands.ts";

/** A password made for the first administrator: to be shown once, never kept. */
export interface FirstPassword {
  readonly username: string;
  readonly password: string;
}

export interface FirstStartDeps {
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly accounts: AccountDirectory;
  readonly store: AccountStore;
  readonly passwords: Passwords;
  /** `NZ_ADMIN_PASSWORD`. */
  readonly adminPassword: string | undefined;
  readonly showFirstPassword: (first: FirstPassword) => void;
}

const FIRST_USERNAME = "admin";
const PASSWORD_LENGTH = 20;

/**
 * Reads all users, gives a secret to those without one, and makes the administrator of an empty table (design: first start): with the
 * password given, or with a random one that is shown. There is no default password.
 */
export async function loadAccounts(deps: FirstStartDeps): Promise<void> {
  const { accounts, store, random } = deps;
  for (const account of await store.all()) {
    if (account.agentSecret !== "") {
      accounts.put(account);
      continue;
    }
    const agentSecret = randomText(random, AGENT_SECRET_LENGTH);
    await store.setSecret(account.user.id, agentSecret, deps.now());
    accounts.put({ ...account, agentSecret });
  }
  if (accounts.count === 0) await makeFirstAdministrator(deps);
}

async function makeFirstAdministrator(deps: FirstStartDeps): Promise<void> {
  const given = deps.adminPassword ?? "";
  if (Buffer.byteLength(given) > MAX_PASSWORD_BYTES) throw new Error(`NZ_ADMIN_PASSWORD must have at most ${MAX_PASSWORD_BYTES} bytes`);
  const password = given === "" ? randomText(deps.random, PASSWORD_LENGTH) : given;
  const passwordHash = await deps.passwords.hash(password);
  const agentSecret = randomText(deps.random, AGENT_SECRET_LENGTH);
  deps.accounts.put(await deps.store.insert({ username: FIRST_USERNAME, passwordHash, role: ROLE.admin, agentSecret }, deps.now()));
  if (given === "") deps.showFirstPassword({ username: FIRST_USERNAME, password });
}
