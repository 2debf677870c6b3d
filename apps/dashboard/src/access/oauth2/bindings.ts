import { readFlag, readText, writeTime } from "#platform/database";
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
    userOf: async (provider: string, openId: string): Promise<number | undefined> =>
      holderOf(db, { provider: provider.toLowerCase(), openId }),
    async ofUser(userId: number, tx: Queries = db): Promise<readonly OAuth2Binding[]> {
      const rows = await tx
        .selectFrom("oauth2_binds")
        .select(["provider", "open_id"])
        .where("user_id", "=", userId)
        .orderBy("id")
        .execute();
      return rows.map((row) => ({ provider: readText(row.provider), openId: readText(row.open_id) }));
    },
    /**
     * Gives a provider account to a user, also one left behind by a user who is gone. `taken`: it is somebody else's; `gone`: there is no
     * such user any more.
     */
    bind: async (userId: number, binding: OAuth2Binding, now: number): Promise<"bound" | "taken" | "gone"> =>
      database.transaction(async (tx) => bind(tx, userId, { ...binding, provider: binding.provider.toLowerCase() }, writeTime(now))),
    /** `false`, and nothing is removed, when the user may not sign in by password and none of the `others` would be left. */
    unbind: async (userId: number, provider: string, others: readonly string[]): Promise<boolean> =>
      database.transaction(async (tx) => {
        const user = await tx.selectFrom("users").select("reject_password").where("id", "=", userId).executeTakeFirst();
        const left = await tx
          .selectFrom("oauth2_binds")
          .select("id")
          .where("user_id", "=", userId)
          .where("provider", "in", others)
          .executeTakeFirst();
        if (!left && readFlag(user?.reject_password ?? null)) return false;
        await tx.deleteFrom("oauth2_binds").where("user_id", "=", userId).where("provider", "=", provider.toLowerCase()).execute();
        return true;
      }),
    async removeUsers(tx: Queries, userIds: readonly number[]): Promise<void> {
      await tx.deleteFrom("oauth2_binds").where("user_id", "in", userIds).execute();
    },
  };
}

async function holderOf(db: Queries, { provider, openId }: OAuth2Binding): Promise<number | undefined> {
  const rows = db.selectFrom("oauth2_binds").select("user_id").where("provider", "=", provider).where("open_id", "=", openId);
  const row = await rows.orderBy("id").executeTakeFirst();
  return row ? (row.user_id ?? 0) : undefined;
}

async function bind(tx: Queries, userId: number, binding: OAuth2Binding, time: string): Promise<"bound" | "taken" | "gone"> {
  const exists = async (id: number): Promise<boolean> =>
    (await tx.selectFrom("users").select("id").where("id", "=", id).executeTakeFirst()) !== undefined;
  if (!(await exists(userId))) return "gone";
  const holder = await holderOf(tx, binding);
  if (holder === userId) return "bound";
  const { provider, openId } = binding;
  if (holder === undefined) {
    const row = { created_at: time, updated_at: time, user_id: userId, provider, open_id: openId };
    await tx.insertInto("oauth2_binds").values(row).execute();
    return "bound";
  }
  if (await exists(holder)) return "taken";
  const taken = { user_id: userId, updated_at: time };
  await tx.updateTable("oauth2_binds").set(taken).where("provider", "=", provider).where("open_id", "=", openId).execute();
  return "bound";
}

export type OAuth2Bindings = ReturnType<typeof createOAuth2Bindings>;
