import { readText, writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";

/** Who may come in through which provider account (table `oauth2_binds`, spec 41 section 10.12). Providers are stored in lower case. */
export interface OAuth2Binding {
  readonly provider: string;
  readonly openId: string;
}

export function createOAuth2Bindings(database: Database) {
  const db = database.kysely;
  return {
    /** The user bound to a provider account. */
    async userOf(provider: string, openId: string): Promise<number | undefined> {
      const row = await db
        .selectFrom("oauth2_binds")
        .select("user_id")
        .where("provider", "=", provider.toLowerCase())
        .where("open_id", "=", openId)
        .orderBy("id")
        .executeTakeFirst();
      return row ? (row.user_id ?? 0) : undefined;
    },
    async ofUser(userId: number): Promise<readonly OAuth2Binding[]> {
      const rows = await db
        .selectFrom("oauth2_binds")
        .select(["provider", "open_id"])
        .where("user_id", "=", userId)
        .orderBy("id")
        .execute();
      return rows.map((row) => ({ provider: readText(row.provider), openId: readText(row.open_id) }));
    },
    async add(userId: number, binding: OAuth2Binding, now: number): Promise<void> {
      const time = writeTime(now);
      await db
        .insertInto("oauth2_binds")
        .values({ created_at: time, updated_at: time, user_id: userId, provider: binding.provider.toLowerCase(), open_id: binding.openId })
        .execute();
    },
    /** A binding left behind by a user who is gone. */
    async move(binding: OAuth2Binding, userId: number, now: number): Promise<void> {
      await db
        .updateTable("oauth2_binds")
        .set({ user_id: userId, updated_at: writeTime(now) })
        .where("provider", "=", binding.provider.toLowerCase())
        .where("open_id", "=", binding.openId)
        .execute();
    },
    async removeProvider(userId: number, provider: string): Promise<void> {
      await db.deleteFrom("oauth2_binds").where("user_id", "=", userId).where("provider", "=", provider.toLowerCase()).execute();
    },
    async removeUsers(tx: Queries, userIds: readonly number[]): Promise<void> {
      await tx.deleteFrom("oauth2_binds").where("user_id", "in", userIds).execute();
    },
  };
}

export type OAuth2Bindings = ReturnType<typeof createOAuth2Bindings>;
