import { ROLE } from "#kernel";
import type { AccountDirectory } from "./accounts.ts";
import type { AccountStore } from "./account-store.ts";
import type { Database } from "#platform/database";
import { MAX_PASSWORD_BYTES } from "#platform/password";
import type { Passwords } from "#platform/password";
import { randomText } from "@windfire/kit";
import type { RandomBytes } from "@windfire/kit";
import { createUntoldPassword } from "./untold-password.ts";
import type { UntoldPassword } from "./untold-password.ts";
import { AGENT_SECRET_LENGTH } from "./user-commands.ts";

/** A password made for the first administrator: to be shown once, never kept. */
export interface FirstPassword {
  readonly username: string;
  readonly password: string;
}

export interface FirstStartDeps {
  readonly database: Database;
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
 * password given, or with a random one. There is no default password.
 *
 * @returns to be called when the start has succeeded: shows the password that was made. Until then the next start makes another one.
 */
export async function loadAccounts(deps: FirstStartDeps): Promise<() => Promise<void>> {
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
  const untold = createUntoldPassword(deps.database);
  const untoldOf = await untold.userId();
  if (accounts.count > 0 && untoldOf === undefined) return async () => undefined;
  const { password, isGiven } = firstPassword(deps);
  const hash = await deps.passwords.hash(password);
  if (untoldOf === undefined) await makeFirstAdministrator(deps, untold, hash);
  else await untold.renew(untoldOf, hash, deps.now());
  const username = accounts.get(untoldOf ?? 0)?.user.username ?? FIRST_USERNAME;
  return async () => {
    if (!isGiven) deps.showFirstPassword({ username, password });
    await untold.forget();
  };
}

function firstPassword({ adminPassword: given = "", random }: FirstStartDeps): { password: string; isGiven: boolean } {
  if (Buffer.byteLength(given) > MAX_PASSWORD_BYTES) throw new Error(`NZ_ADMIN_PASSWORD must have at most ${MAX_PASSWORD_BYTES} bytes`);
  return given === "" ? { password: randomText(random, PASSWORD_LENGTH), isGiven: false } : { password: given, isGiven: true };
}

async function makeFirstAdministrator(
  { accounts, database, now, random, store }: FirstStartDeps,
  untold: UntoldPassword,
  passwordHash: string,
) {
  const agentSecret = randomText(random, AGENT_SECRET_LENGTH);
  const first = { username: FIRST_USERNAME, passwordHash, role: ROLE.admin, agentSecret };
  const account = await database.transaction(async (tx) => {
    await untold.remember(tx, passwordHash);
    return store.insert(first, now(), tx);
  });
  accounts.put(account);
}
