import type { ProfileUpdate, UserCreate } from "@windfire/api";
import { randomText } from "@windfire/kit";
import type { RandomBytes } from "@windfire/kit";
import type { FactorRoom } from "#access/factors";
import type { OAuth2 } from "#access/oauth2";
import { refuse, refuseText, ROLE, userOf } from "#kernel";
import type { Caller, Role, SessionCaller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { runCascades } from "#platform/database";
import type { Cascade, Database } from "#platform/database";
import type { Passwords } from "#platform/password";
import { accessStore } from "./access-store.ts";
import { accountStore, userKind } from "./account-store.ts";
import type { Account } from "./account-store.ts";
import type { AccountDirectory } from "./accounts.ts";
import { requireAdministrator } from "./administrators.ts";
import { deviceStore } from "./device-store.ts";
import { disabledStore } from "./disabled-store.ts";
import { requireLength, requireWhole, warningOf } from "./password-rules.ts";
import { requireRole } from "./role-change.ts";
import type { Sessions } from "./sessions.ts";
import type { TokenCommands } from "./token-commands.ts";
import type { ViewerCommands } from "./viewer-commands.ts";
import { orNameTaken, requireNewName } from "./user-names.ts";

export interface UserCommands {
  /** @throws {AppError} in the order of spec 10 section 11.3 */
  create(caller: Caller, form: UserCreate): Promise<{ readonly id: number; readonly warning: string | undefined }>;
  /** Ends all sessions of the user (section 11.6). @returns a warning about the new password */
  updateProfile(caller: SessionCaller, form: ProfileUpdate): Promise<string | undefined>;
  /** All or none, with everything they own (section 11.4). */
  delete(caller: Caller, ids: readonly number[]): Promise<void>;
}

export interface UserCommandDeps {
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly accounts: AccountDirectory;
  readonly passwords: Passwords;
  readonly sessions: Pick<Sessions, "deleteByUser" | "endByUser">;
  readonly tokens: Pick<TokenCommands, "deleteOfUsers">;
  readonly oauth2: Pick<OAuth2, "hasBinding" | "removeUsers">;
  readonly factors: Pick<FactorRoom, "removeUsers">;
  readonly beginViewer: ViewerCommands["begin"];
  /** Names of the site and its host. */
  readonly placeWords: () => readonly string[];
  /** @throws {AppError} unless this is the caller's current password */
  readonly requirePassword: (caller: SessionCaller, password: string) => Promise<void>;
  /** Rooms remove what users own. */
  readonly cascades: readonly Cascade[];
}

export const AGENT_SECRET_LENGTH = 32;
const KIND = userKind.name;
/** Never written down, only that it changed. */
const SECRETS = ["password"];

export function createUserCommands(deps: UserCommandDeps): UserCommands {
  const { accounts, audit, database } = deps;
  return {
    async create(caller, form) {
      const role = requireForm(form, accounts);
      const { username } = form;
      const warning = await warningOf({
        field: "password",
        password: form.password,
        placeWords: [username, ...deps.placeWords()],
        refuseCommon: form.refuse_common,
      });
      const passwordHash = await deps.passwords.hash(form.password);
      const agentSecret = randomText(deps.random, AGENT_SECRET_LENGTH);
      const id = await orNameTaken(
        database.change(async (tx, changes) => {
          await requireAdministrator(tx, caller);
          const { user } = await accountStore.insert(tx, { username, passwordHash, role, agentSecret }, deps.now());
          changes.put(KIND, user.id);
          const viewer = form.access === "viewer" ? { access: form.access, ...(await deps.beginViewer(tx, changes, user.id, form)) } : {};
          const to = { username, role, ...viewer };
          await audit.write(tx, { actor: actorOf(caller), action: "user.create", kind: KIND, key: user.id, to });
          return user.id;
        }),
      );
      return { id, warning };
    },
    async updateProfile(caller, form) {
      const account = accounts.get(caller.user.id);
      if (!account) throw refuse("unauthorized");
      await deps.requirePassword(caller, form.original_password);
      requireProfile(account, form);
      if (form.new_username !== account.user.username) requireNewName(form.new_username, "new_username", accounts, caller.user.id);
      const isNew = form.new_password !== form.original_password;
      const warning = isNew
        ? await warningOf({
            field: "new_password",
            password: form.new_password,
            placeWords: [form.new_username, ...deps.placeWords()],
            refuseCommon: form.refuse_common,
          })
        : undefined;
      await orNameTaken(changeProfile(deps, caller, account, form));
      return warning;
    },
    async delete(caller, ids) {
      if (ids.includes(userOf(caller)?.id ?? 0)) throw refuse("can't delete yourself");
      if (ids.length === 0) throw refuse("user id not specified");
      const userIds = [...new Set(ids)];
      await database.change(async (tx, changes) => {
        await requireAdministrator(tx, caller);
        const found = await userKind.load(tx, userIds);
        // User 0 is nobody's row: it stands for the global agent secret.
        const unknown = userIds.find((id) => !found.some(({ user }) => user.id === id));
        if (unknown !== undefined) throw refuse("user id %d does not exist", unknown);
        for (const { user } of found) {
          const from = { username: user.username, role: user.role };
          await audit.write(tx, { actor: actorOf(caller), action: "user.delete", kind: KIND, key: user.id, from });
        }
        // Who is gone is gone before anybody hears of what went along.
        changes.gone(KIND, userIds);
        await runCascades(tx, deps.cascades, userIds, changes);
        await deps.sessions.deleteByUser(tx, changes, userIds);
        await deps.tokens.deleteOfUsers(tx, changes, userIds);
        await deps.oauth2.removeUsers(tx, changes, userIds);
        await deps.factors.removeUsers(tx, changes, userIds);
        await accessStore.remove(tx, userIds);
        await disabledStore.remove(tx, userIds);
        await deviceStore.removeOf(tx, userIds);
        await accountStore.delete(tx, userIds);
      });
    },
  };
}

async function changeProfile(deps: UserCommandDeps, caller: SessionCaller, account: Account, form: ProfileUpdate): Promise<void> {
  const { id } = account.user;
  const passwordHash = form.new_password === form.original_password ? undefined : await deps.passwords.hash(form.new_password);
  await deps.database.change(async (tx, changes) => {
    if (form.reject_password && !(await deps.oauth2.hasBinding(tx, id))) throw refuse("you don't have any oauth2 bindings");
    const stored = await accountStore.find(tx, id);
    // While the password was hashed the user may have been deleted, or have changed the password this request was allowed by.
    if (stored?.tokenVersion !== account.tokenVersion) throw refuse("unauthorized");
    const profile = { username: form.new_username, rejectPassword: form.reject_password };
    await accountStore.update(tx, id, { ...profile, passwordHash, tokenVersion: stored.tokenVersion + 1 }, deps.now());
    changes.put(KIND, id);
    await deps.sessions.endByUser(tx, changes, id);
    await deps.audit.write(tx, {
      actor: actorOf(caller),
      action: "user.update",
      kind: KIND,
      key: id,
      from: { username: stored.user.username, rejectPassword: stored.rejectPassword, password: "old" },
      to: { ...profile, password: passwordHash === undefined ? "old" : "new" },
      secrets: SECRETS,
    });
  });
}

/** @returns the role */
function requireForm({ username, password, role, access }: UserCreate, accounts: AccountDirectory): Role {
  requireLength(password);
  if (username === "") throw refuse("username can't be empty");
  requireRole(role);
  if (access === "viewer" && role !== ROLE.member) throw refuseText(`access: the role of viewers is ${ROLE.member}`);
  requireWhole(password);
  requireNewName(username, "username", accounts);
  return role;
}

/** What is new has to keep the rules; what is in use stays good, whatever rules it was made under. */
function requireProfile({ user }: Account, form: ProfileUpdate): void {
  if (form.new_password !== form.original_password) {
    requireWhole(form.new_password);
    requireLength(form.new_password);
  }
  if (form.new_username === user.username) return;
  if (form.new_username === "") throw refuse("username can't be empty");
}
