import { refuseText } from "#kernel";
import { readNumber, writeTime } from "#platform/database";
import type { Database } from "#platform/database";
import type { Passwords } from "#platform/password";
import { requireWhole } from "./password-rules.ts";

export interface PasswordReset {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly now: () => number;
  readonly username: string;
  readonly password: string;
}

/**
 * Gives a user a new password while no dashboard runs: sign-in by password is allowed again, all sessions end.
 *
 * @throws {AppError} when there is no such user or the password cannot be used
 */
export async function resetPassword({ database, passwords, now, username, password }: PasswordReset): Promise<void> {
  if (password === "") throw refuseText("the new password is empty");
  requireWhole(password);
  const hash = await passwords.hash(password);
  await database.transaction(async (tx) => {
    const user = await tx.selectFrom("users").select(["id", "token_version"]).where("username", "=", username).executeTakeFirst();
    if (!user) throw refuseText(`there is no user ${JSON.stringify(username)}`);
    const time = writeTime(now());
    await tx
      .updateTable("users")
      .set({ password: hash, reject_password: 0, token_version: readNumber(user.token_version) + 1, updated_at: time })
      .where("id", "=", user.id)
      .execute();
    await tx.updateTable("jwt_sessions").set({ revoked_at: time }).where("user_id", "=", user.id).where("revoked_at", "is", null).execute();
  });
}
