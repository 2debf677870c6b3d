import { refuse, refuseText, ROLE } from "#kernel";
import type { FactBus, Role } from "#kernel";
import type { ProfileUpdate, UserCreate } from "@windfire/api";
import { DatabaseError, timeOf } from "#platform/database";
import type { Database, Queries } from "#platform/database";
import type { Account, AccountDirectory } from "./accounts.ts";
import type { AccountStore } from "./account-store.ts";
import type { LoginThrottle } from "./login-throttle.ts";
import type { OAuth2Bindings } from "./oauth2-bindings.ts";
import { isTooShort, requireWhole } from "./password-rules.ts";
import type { Passwords } from "#platform/password";
import type { Turns } from "./turns.ts";
import { randomText } from "./random-text.ts";
import type { RandomBytes } from "./random-text.ts";
import type { Sessions } from "./sessions.ts";
import type { Tokens } from "./tokens.ts";

/**
 * Takes part in the deletion of users, in the same transaction: removes what they own. What it returns runs after the commit, before
 * anybody is told.
 */
export type UserCascade = (tx: Queries, userIds: readonly number[]) => Promise<(() => void) | void>;

export interface UserCommands {
  /** @throws {AppError} in the order of spec 10 section 11.3 */
  create(form: UserCreate): Promise<number>;
  /** Ends all sessions of the user (section 11.6). */
  updateProfile(userId: number, form: ProfileUpdate): Promise<void>;
  /** All or none, with everything they own (section 11.4). */
  delete(callerId: number, ids: readonly number[]): Promise<void>;
}

export interface UserCommandDeps {
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly database: Database;
  readonly facts: FactBus;
  readonly accounts: AccountDirectory;
  readonly store: AccountStore;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly bindings: OAuth2Bindings;
  readonly throttle: LoginThrottle;
  readonly turns: Turns;
  readonly cascades: readonly UserCascade[];
}

export const AGENT_SECRET_LENGTH = 32;
const NAME_TAKEN = "username already exists";

export function createUserCommands(deps: UserCommandDeps): UserCommands {
  const { accounts, store, facts } = deps;

  const endSessions = async (account: Account, form: ProfileUpdate): Promise<readonly string[]> => {
    const { id } = account.user;
    const tokenVersion = account.tokenVersion + 1;
    const passwordHash = await deps.passwords.hash(form.new_password);
    const now = deps.now();
    const keys = await deps.database.transaction(async (tx) => {
      await store.change(tx, id, { username: form.new_username, passwordHash, rejectPassword: form.reject_password, tokenVersion }, now);
      return deps.sessions.endByUser(tx, [id], "revoke");
    });
    const user = { ...account.user, username: form.new_username };
    accounts.put({ ...account, user, rejectPassword: form.reject_password, tokenVersion, updatedAt: timeOf(now) });
    return keys;
  };

  return {
    async create({ username, password, role }) {
      if (isTooShort(password)) throw refuse("password length must be greater than 6");
      if (username === "") throw refuse("username can't be empty");
      if (!isRole(role)) throw refuse("invalid role");
      requireWhole(password);
      if (accounts.byName(username)) throw refuseText(NAME_TAKEN);
      const passwordHash = await deps.passwords.hash(password);
      const agentSecret = randomText(deps.random, AGENT_SECRET_LENGTH);
      const account = await orNameTaken(store.insert({ username, passwordHash, role, agentSecret }, deps.now()));
      accounts.put(account);
      facts.publish("user.created", { userId: account.user.id });
      return account.user.id;
    },
    async updateProfile(userId, form) {
      const account = accounts.get(userId);
      if (!account) throw refuse("unauthorized");
      await requirePassword(deps, account, form.original_password);
      requireWhole(form.new_password);
      if (isTooShort(form.new_password)) throw refuse("password length must be greater than 6");
      if (form.new_username === "") throw refuse("username can't be empty");
      if (form.reject_password && (await deps.bindings.ofUser(userId)).length === 0) throw refuse("you don't have any oauth2 bindings");
      const holder = accounts.byName(form.new_username);
      if (holder && holder.user.id !== userId) throw refuseText(NAME_TAKEN);
      const keys = await orNameTaken(endSessions(account, form));
      deps.sessions.forget(keys, "password");
      facts.publish("user.updated", { userId });
    },
    async delete(callerId, ids) {
      if (ids.includes(callerId)) throw refuse("can't delete yourself");
      if (ids.length === 0) throw refuse("user id not specified");
      const userIds = [...new Set(ids)];
      // User 0 is nobody's row: it stands for the global agent secret.
      const unknown = userIds.find((id) => !accounts.get(id));
      if (unknown !== undefined) throw refuse("user id %d does not exist", unknown);
      await removeUsers(deps, userIds);
    },
  };
}

/** Guessing the current password of a stolen session is paced like any guess. */
async function requirePassword(deps: UserCommandDeps, account: Account, password: string): Promise<void> {
  const { id } = account.user;
  const attempt = deps.throttle.attempt(`user ${id}`);
  if (!attempt.allowed) throw tooManyAttempts(attempt.waitSeconds);
  const checking = deps.turns.take(async () => deps.passwords.verify(password, await deps.store.passwordHash(id)));
  if (!checking) throw tooManyAttempts(1);
  if (!(await checking)) throw refuse("incorrect password");
  attempt.succeeded();
}

async function removeUsers(deps: UserCommandDeps, userIds: readonly number[]): Promise<void> {
  const { sessions, tokens, facts } = deps;
  const removed = await deps.database.transaction(async (tx) => {
    const after: (() => void)[] = [];
    for (const cascade of deps.cascades) {
      const done = await cascade(tx, userIds);
      if (done) after.push(done);
    }
    const sessionKeys = await sessions.endByUser(tx, userIds, "delete");
    const tokenIds = await tokens.deleteOfUsers(tx, userIds);
    await deps.bindings.removeUsers(tx, userIds);
    await deps.store.delete(tx, userIds);
    return { after, sessionKeys, tokenIds };
  });
  deps.accounts.remove(userIds);
  for (const done of removed.after) done();
  sessions.forget(removed.sessionKeys, "deleted");
  tokens.forget(removed.tokenIds);
  for (const userId of userIds) facts.publish("user.deleted", { userId });
}

export function tooManyAttempts(seconds: number): Error {
  return refuseText(`too many failed attempts, try again in ${seconds} s`, 429, { "retry-after": String(seconds) });
}

function isRole(role: number): role is Role {
  return role === ROLE.admin || role === ROLE.member;
}

/** Two requests may ask for one name at the same time; the database decides. */
async function orNameTaken<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    throw error instanceof DatabaseError && error.failure === "constraint" ? refuseText(NAME_TAKEN) : error;
  }
}
