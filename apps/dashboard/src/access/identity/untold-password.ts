import { writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";

const KEY = "untold_password";

/**
 * Remembers, by its hash, that the password of the first administrator was told to nobody yet: a start may fail between making it and
 * showing it. Kept in `wf_meta`.
 */
export function createUntoldPassword(database: Database) {
  const db = database.kysely;
  const remember = async (tx: Queries, hash: string): Promise<void> => {
    await tx.replaceInto("wf_meta").values({ key: KEY, value: hash }).execute();
  };
  return {
    remember,
    /** Whose it is; nobody's when it was changed since. */
    async userId(): Promise<number | undefined> {
      const row = await db
        .selectFrom("users")
        .innerJoin("wf_meta", "wf_meta.value", "users.password")
        .select("users.id")
        .where("wf_meta.key", "=", KEY)
        .executeTakeFirst();
      return row?.id;
    },
    renew: (id: number, hash: string, now: number): Promise<void> =>
      database.transaction(async (tx) => {
        await tx
          .updateTable("users")
          .set({ password: hash, updated_at: writeTime(now) })
          .where("id", "=", id)
          .execute();
        await remember(tx, hash);
      }),
    async forget(): Promise<void> {
      await db.deleteFrom("wf_meta").where("key", "=", KEY).execute();
    },
  };
}

export type UntoldPassword = ReturnType<typeof createUntoldPassword>;
