import type { UserPatch } from "@windfire/api";
import { refuse, refuseText, ROLE, userOf } from "#kernel";
import type { Caller, Role } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import type { Passwords } from "#platform/password";
import { accountStore, userKind } from "./account-store.ts";
import type { Account } from "./account-store.ts";
import type { AccountDirectory } from "./accounts.ts";
import { requireAdministrator } from "./administrators.ts";
import { disabledStore } from "./disabled-store.ts";
import { requireLength, requireWhole, warningOf } from "./password-rules.ts";
import { changeRole, requireRole } from "./role-change.ts";
import type { RoleChangeDeps } from "./role-change.ts";
import type { Sessions } from "./sessions.ts";
import type { TokenCommands } from "./token-commands.ts";
import { orNameTaken, requireNewName } from "./user-names.ts";

export interface UserEditDeps extends RoleChangeDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly accounts: AccountDirectory;
  readonly passwords: Passwords;
  readonly sessions: Pick<Sessions, "endByUser">;
  readonly tokens: Pick<TokenCommands, "deleteOfUsers">;
  /** Names of the site and its host. */
  readonly placeWords: () => readonly string[];
}

const KIND = userKind.name;
/** Never written down, only that it changed. */
const SECRETS = ["password"];

/**
 * Gives another user another name, password or role, disables or enables them. A new password or role ends the user's sessions, another role the
 * access tokens too; whoever is disabled has no sessions, and tokens that are refused until they are enabled.
 *
 * @returns a warning about the new password
 * @throws {AppError} for the own account, whose page asks for the password; for a viewer who is to be administrator; for names and
 * passwords as when users are made
 */
export function createUserEdit(deps: UserEditDeps) {
  return async (caller: Caller, userId: number, form: UserPatch): Promise<string | undefined> => {
    if (userId === userOf(caller)?.id) throw refuseText("the own account is changed on the profile page");
    const known = deps.accounts.get(userId);
    if (!known) throw refuse("user id %d does not exist", userId);
    const role = requireForm(form, known, deps.accounts);
    const warning = await warningAbout(form, known, deps);
    const passwordHash = form.password === undefined ? undefined : await deps.passwords.hash(form.password);
    await orNameTaken(
      deps.database.change(async (tx, changes) => {
        await requireAdministrator(tx, caller);
        const stored = await accountStore.find(tx, userId);
        if (!stored) throw refuse("user id %d does not exist", userId);
        await applyPatch(deps, tx, changes, stored, { form, role, passwordHash });
        await deps.audit.write(tx, {
          actor: actorOf(caller),
          action: "user.update",
          kind: KIND,
          key: userId,
          from: { username: stored.user.username, role: stored.user.role, disabled: stored.disabled, password: "old" },
          to: {
            username: form.username ?? stored.user.username,
            role: form.role ?? stored.user.role,
            disabled: form.disabled ?? stored.disabled,
            password: passwordHash === undefined ? "old" : "new",
          },
          secrets: SECRETS,
        });
      }),
    );
    return warning;
  };
}

export type UserEdit = ReturnType<typeof createUserEdit>;

interface Patch {
  readonly form: UserPatch;
  readonly role: Role | undefined;
  readonly passwordHash: string | undefined;
}

async function applyPatch(
  deps: UserEditDeps,
  tx: Queries,
  changes: Changes,
  stored: Account,
  { form, role: next, passwordHash }: Patch,
): Promise<void> {
  const { id, username, role } = stored.user;
  if (stored.viewer && form.role === ROLE.admin) throw refuseText("role: a viewer becomes a member first");
  if (form.username !== undefined || passwordHash !== undefined)
    await accountStore.update(
      tx,
      id,
      {
        username: form.username ?? username,
        passwordHash,
        rejectPassword: passwordHash === undefined && stored.rejectPassword,
        tokenVersion: stored.tokenVersion + (passwordHash === undefined ? 0 : 1),
      },
      deps.now(),
    );
  const hasOtherRole = next !== undefined && next !== role;
  if (hasOtherRole) {
    await changeRole(deps, tx, changes, stored.user, next);
    await deps.tokens.deleteOfUsers(tx, changes, [id]);
  }
  if (form.disabled === true && !stored.disabled) await disabledStore.add(tx, id, deps.now());
  if (form.disabled === false) await disabledStore.remove(tx, [id]);
  changes.put(KIND, id);
  if (hasOtherRole || form.disabled === true || passwordHash !== undefined) await deps.sessions.endByUser(tx, changes, id);
}

/** @returns the role, where there is one */
function requireForm({ username, password, role }: UserPatch, { user }: Account, accounts: AccountDirectory): Role | undefined {
  if (username !== undefined && username !== user.username) {
    if (username === "") throw refuse("username can't be empty");
    requireNewName(username, "username", accounts, user.id);
  }
  if (password !== undefined) {
    requireLength(password);
    requireWhole(password);
  }
  if (role !== undefined) requireRole(role);
  return role;
}

async function warningAbout(
  { username, password, refuse_common: refuseCommon }: UserPatch,
  { user }: Account,
  { placeWords }: UserEditDeps,
) {
  if (password === undefined) return undefined;
  return warningOf({ field: "password", password, placeWords: [username ?? user.username, ...placeWords()], refuseCommon });
}
