import { writeTime } from "#platform/database";
import type { Queries } from "#platform/database";

const KEY = "untold_password";

/**
 * Remembers, by its hash, that the password of the first administrator was told to nobody yet: a start may fail between making it and
 * showing it. Kept in `wf_meta`.
 */
export const untoldPassword = {
  async remember(tx: Queries, hash: string): Promise<void> {
    await tx
      .insertInto("wf_meta")
      .values({ key: KEY, value: hash })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: hash }))
      .execute();
  },
  /** Whose it is; nobody's when it was changed since. */
  async userId(queries: Queries): Promise<number | undefined> {
    const row = await queries
      .selectFrom("users")
      .innerJoin("wf_meta", "wf_meta.value", "users.password")
      .select("users.id")
      .where("wf_meta.key", "=", KEY)
      .executeTakeFirst();
    return row?.id;
  },
  /** Another one takes its place. `at` is Unix milliseconds. */
  async renew(tx: Queries, id: number, hash: string, at: number): Promise<void> {
    await tx
      .updateTable("users")
      .set({ password: hash, updated_at: writeTime(at) })
      .where("id", "=", id)
      .execute();
    await untoldPassword.remember(tx, hash);
  },
  async forget(queries: Queries): Promise<void> {
    await queries.deleteFrom("wf_meta").where("key", "=", KEY).execute();
  },
};
