import { factorKind, factorStore } from "#access/factors";
import { refuseText } from "#kernel";
import { SYSTEM } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { readNumber, writeTime } from "#platform/database";
import type { Database } from "#platform/database";
import type { Passwords } from "#platform/password";
import { userKind } from "./account-store.ts";
import { disabledStore } from "./disabled-store.ts";
import { requireWhole } from "./password-rules.ts";
import { sessionKind, sessionStore } from "./session-store.ts";

export interface PasswordReset {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly passwords: Passwords;
  readonly now: () => number;
  readonly username: string;
  readonly password: string;
}

/**
 * Gives a user a new password while no dashboard runs: sign-in by password is allowed again, asks for no code, and all sessions end. Whoever
 * was disabled is enabled again.
 *
 * @returns whether the user was disabled
 * @throws {AppError} when there is no such user or the password cannot be used
 */
export async function resetPassword({
  database,
  audit,
  passwords,
  now,
  username,
  password,
}: PasswordReset): Promise<{ readonly wasDisabled: boolean }> {
  if (password === "") throw refuseText("the new password is empty");
  requireWhole(password);
  const hash = await passwords.hash(password);
  return database.change(async (tx, changes) => {
    const user = await tx.selectFrom("users").select(["id", "token_version"]).where("username", "=", username).executeTakeFirst();
    if (!user) throw refuseText(`there is no user ${JSON.stringify(username)}`);
    await tx
      .updateTable("users")
      .set({ password: hash, reject_password: 0, token_version: readNumber(user.token_version) + 1, updated_at: writeTime(now()) })
      .where("id", "=", user.id)
      .execute();
    changes.put(userKind.name, user.id);
    const keys = await sessionStore.liveKeysByUser(tx, [user.id]);
    await sessionStore.revoke(tx, keys, now());
    await factorStore.removeOf(tx, [user.id]);
    const wasDisabled = await disabledStore.remove(tx, [user.id]);
    changes.gone(factorKind.name, [user.id]);
    changes.gone(sessionKind.name, keys);
    await audit.write(tx, {
      actor: SYSTEM,
      action: "user.reset-password",
      kind: userKind.name,
      key: user.id,
      ...(wasDisabled && { to: { disabled: false } }),
    });
    return { wasDisabled };
  });
}
