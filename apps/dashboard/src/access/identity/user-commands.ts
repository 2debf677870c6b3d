import { characters, LIMITS } from "@windfire/api";
import type { ProfileUpdate, UserCreate } from "@windfire/api";
import { refuse, refuseText, ROLE } from "#kernel";
import type { FactBus, Role, SessionCaller } from "#kernel";
import { DatabaseError, runCascades, timeOf } from "#platform/database";
import type { Cascade, Database } from "#platform/database";
import type { Account, AccountDirectory } from "./accounts.ts";
import type { AccountStore } from "./account-store.ts";
import type { GuessThrottle } from "#access/protection";
import type { OAuth2 } from "#access/oauth2";
import type { PasswordCheck } from "./password-check.ts";
import { isTooShort, requireWhole } from "./password-rules.ts";
import type { Passwords } from "#platform/password";
import type { RandomBytes, Turns } from "@windfire/kit";
import { randomText } from "@windfire/kit";
import type { Sessions } from "./sessions.ts";
import type { Tokens } from "./tokens.ts";

export interface UserCommands {
  /** @throws {AppError} in the order of spec 10 section 11.3 */
  create(callerId: number, form: UserCreate): Promise<number>;
  /** Ends all sessions of the user (section 11.6). */
  updateProfile(caller: SessionCaller, form: ProfileUpdate): Promise<void>;
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
  readonly oauth2: Pick<OAuth2, "ofUser" | "removeUsers">;
  readonly check: PasswordCheck;
  readonly throttle: GuessThrottle;
  readonly turns: Turns;
  /** Rooms remove what users own. */
  readonly cascades: readonly Cascade[];
}

export const AGENT_SECRET_LENGTH = 32;
const NAME_TAKEN = "username already exists";

export function createUserCommands(deps: UserCommandDeps): UserCommands {
  const { accounts, store, facts } = deps;

  const endSessions = async (account: Account, form: ProfileUpdate): Promise<readonly string[]> => {
    const { id } = account.user;
    const tokenVersion = account.tokenVersion + 1;
    const isUnchanged = form.new_password === form.original_password;
    const passwordHash = isUnchanged ? undefined : await deps.passwords.hash(form.new_password);
    const now = deps.now();
    const change = { username: form.new_username, passwordHash, rejectPassword: form.reject_password, tokenVersion };
    const keys = await deps.database.transaction(async (tx) => {
      if (form.reject_password && (await deps.oauth2.ofUser(id, tx)).length === 0) throw refuse("you don't have any oauth2 bindings");
      // While the password was hashed the user may have been deleted, or have changed the password this request was allowed by.
      if (!(await store.change(tx, account, change, now))) throw refuse("unauthorized");
      return deps.sessions.endByUser(tx, [id], "revoke");
    });
    const user = { ...account.user, username: form.new_username };
    if (accounts.get(id)) accounts.put({ ...account, user, rejectPassword: form.reject_password, tokenVersion, updatedAt: timeOf(now) });
    return keys;
  };

  return {
    async create(callerId, { username, password, role }) {
      if (isTooShort(password)) throw refuse("password length must be greater than 6");
      if (username === "") throw refuse("username can't be empty");
      if (!isRole(role)) throw refuse("invalid role");
      requireWhole(password);
      if (accounts.byName(username)) throw refuseText(NAME_TAKEN);
      const passwordHash = await deps.passwords.hash(password);
      if (!accounts.get(callerId)) throw refuse("unauthorized");
      const agentSecret = randomText(deps.random, AGENT_SECRET_LENGTH);
      const account = await orNameTaken(store.insert({ username, passwordHash, role, agentSecret }, deps.now()));
      accounts.put(account);
      facts.publish("user.created", { userId: account.user.id });
      return account.user.id;
    },
    async updateProfile({ user, sessionKey }, form) {
      const account = accounts.get(user.id);
      if (!account) throw refuse("unauthorized");
      await requirePassword(deps, user.id, sessionKey, form.original_password);
      requireProfile(account, form);
      const holder = accounts.byName(form.new_username);
      if (holder && holder.user.id !== user.id) throw refuseText(NAME_TAKEN);
      const keys = await orNameTaken(endSessions(account, form));
      deps.sessions.forget(keys, "password");
      facts.publish("user.updated", { userId: user.id });
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

/** What is new has to keep the rules; what is in use stays good, whatever rules it was made under. */
function requireProfile({ user }: Account, form: ProfileUpdate): void {
  if (form.new_password !== form.original_password) {
    requireWhole(form.new_password);
    if (isTooShort(form.new_password)) throw refuse("password length must be greater than 6");
  }
  if (form.new_username === user.username) return;
  if (form.new_username === "") throw refuse("username can't be empty");
  if (!characters(LIMITS.name).safeParse(form.new_username).success)
    throw refuseText(`new_username: must have at most ${LIMITS.name} characters`);
}

/** Waiting comparisons of one session. */
const WAITING_OF_SESSION = 2;

/** Guessing the current password by a stolen session is paced, and its failures do not stop the other sessions of the user. */
async function requirePassword(deps: UserCommandDeps, userId: number, sessionKey: string, password: string): Promise<void> {
  const attempt = deps.throttle.attempt(sessionKey);
  if (!attempt.allowed) throw tooManyAttempts(attempt.waitSeconds);
  if (!(await deps.check.remembers(userId, password))) {
    const lane = { key: `session ${sessionKey}`, waiting: WAITING_OF_SESSION };
    const turn = await deps.turns.take(lane, async () => deps.check.verify(userId, password));
    if (turn.outcome === "displaced") throw tooManyAttempts(1);
    if (!turn.value) throw refuse("incorrect password");
  }
  attempt.succeeded();
}

async function removeUsers(deps: UserCommandDeps, userIds: readonly number[]): Promise<void> {
  const { sessions, tokens, facts } = deps;
  const removed = await deps.database.change(async (tx, changes) => {
    // Who is gone is gone before anybody else hears of it.
    changes.afterwards(() => deps.accounts.remove(userIds));
    await runCascades(tx, deps.cascades, userIds, changes);
    const sessionKeys = await sessions.endByUser(tx, userIds, "delete");
    const tokenIds = await tokens.deleteOfUsers(tx, userIds);
    await deps.oauth2.removeUsers(tx, userIds);
    await deps.store.delete(tx, userIds);
    return { sessionKeys, tokenIds };
  });
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
