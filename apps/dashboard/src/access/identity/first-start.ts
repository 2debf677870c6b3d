import { randomText } from "@windfire/kit";
import type { RandomBytes } from "@windfire/kit";
import { ROLE } from "#kernel";
import { SYSTEM } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { MAX_PASSWORD_BYTES } from "#platform/password";
import type { Passwords } from "#platform/password";
import { accountStore, userKind } from "./account-store.ts";
import type { Accounts } from "./account-store.ts";
import { untoldPassword } from "./untold-password.ts";
import { AGENT_SECRET_LENGTH } from "./user-commands.ts";

/** A password made for the first administrator: to be shown once, never kept. */
export interface FirstPassword {
  readonly username: string;
  readonly password: string;
}

export interface FirstStartDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  /** `NZ_ADMIN_PASSWORD`. */
  readonly adminPassword: string | undefined;
  readonly showFirstPassword: (first: FirstPassword) => void;
}

const KIND = userKind.name;
const FIRST_USERNAME = "admin";
const PASSWORD_LENGTH = 20;

/**
 * Gives a secret to users without one, and makes the administrator of an empty table (design: first start): with the password given, or
 * with a random one. There is no default password.
 *
 * @returns to be called when the start has succeeded: shows the password that was made. Until then the next start makes another one.
 */
export async function prepareAccounts(deps: FirstStartDeps): Promise<() => Promise<void>> {
  const { accounts, database } = deps;
  await giveSecrets(deps);
  const untoldOf = await untoldPassword.userId(database.kysely);
  if (accounts.size > 0 && untoldOf === undefined) return async () => undefined;
  const { password, isGiven } = firstPassword(deps);
  const hash = await deps.passwords.hash(password);
  if (untoldOf === undefined) await makeFirstAdministrator(deps, hash);
  else {
    await database.change(async (tx, changes) => {
      await untoldPassword.renew(tx, untoldOf, hash, deps.now());
      changes.put(KIND, untoldOf);
    });
  }
  const username = accounts.get(untoldOf ?? 0)?.user.username ?? FIRST_USERNAME;
  return async () => {
    if (!isGiven) deps.showFirstPassword({ username, password });
    await untoldPassword.forget(database.kysely);
  };
}

async function giveSecrets({ accounts, database, now, random }: FirstStartDeps): Promise<void> {
  for (const { user, agentSecret } of accounts.list()) {
    if (agentSecret !== "") continue;
    await database.change(async (tx, changes) => {
      await accountStore.setSecret(tx, user.id, randomText(random, AGENT_SECRET_LENGTH), now());
      changes.put(KIND, user.id);
    });
  }
}

function firstPassword({ adminPassword: given = "", random }: FirstStartDeps): { password: string; isGiven: boolean } {
  if (Buffer.byteLength(given) > MAX_PASSWORD_BYTES) throw new Error(`NZ_ADMIN_PASSWORD must have at most ${MAX_PASSWORD_BYTES} bytes`);
  return given === "" ? { password: randomText(random, PASSWORD_LENGTH), isGiven: false } : { password: given, isGiven: true };
}

async function makeFirstAdministrator({ audit, database, now, random }: FirstStartDeps, passwordHash: string): Promise<void> {
  const agentSecret = randomText(random, AGENT_SECRET_LENGTH);
  const first = { username: FIRST_USERNAME, role: ROLE.admin };
  await database.change(async (tx, changes) => {
    await untoldPassword.remember(tx, passwordHash);
    const { user } = await accountStore.insert(tx, { ...first, passwordHash, agentSecret }, now());
    changes.put(KIND, user.id);
    await audit.write(tx, { actor: SYSTEM, action: "user.create", kind: KIND, key: user.id, to: first });
  });
}
