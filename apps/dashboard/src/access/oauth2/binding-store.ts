import { readFlag, readNumber, readText, writeTime } from "#platform/database";
import type { Kept, Queries } from "#platform/database";

/** Who may come in through which provider account (table `oauth2_binds`, spec 41 section 10.12). */
export interface OAuth2Binding {
  readonly id: number;
  readonly userId: number;
  /** In lower case. */
  readonly provider: string;
  readonly openId: string;
}

/** An account at a provider. */
export type ProviderAccount = Pick<OAuth2Binding, "provider" | "openId">;

/** All bindings in memory, in the order of their ids. */
export type OAuth2Bindings = Kept<number, OAuth2Binding, (typeof bindingKind)["indexes"]>;

const accountKey = ({ provider, openId }: ProviderAccount): string => `${provider}\n${openId}`;

export const bindingKind = {
  name: "oauth2-binding",
  keyOf: ({ id }: OAuth2Binding): number => id,
  order: (a: OAuth2Binding, b: OAuth2Binding): number => a.id - b.id,
  indexes: { user: ({ userId }: OAuth2Binding): number => userId, account: accountKey },
  load: async (queries: Queries, ids?: readonly number[]): Promise<OAuth2Binding[]> => {
    const query = queries.selectFrom("oauth2_binds").select(["id", "user_id", "provider", "open_id"]).orderBy("id");
    const rows = await (ids ? query.where("id", "in", ids) : query).execute();
    return rows.map((row) => ({
      id: row.id,
      userId: readNumber(row.user_id),
      provider: readText(row.provider),
      openId: readText(row.open_id),
    }));
  },
};

/** Who is bound to an account at a provider. */
export function holderOf(bindings: Pick<OAuth2Bindings, "by">, account: ProviderAccount): number | undefined {
  return bindings.by("account", accountKey(account))[0]?.userId;
}

/** SQL of the table `oauth2_binds`. `at` is Unix milliseconds. */
export const bindingStore = {
  async ofUser(tx: Queries, userId: number): Promise<readonly OAuth2Binding[]> {
    const rows = await tx.selectFrom("oauth2_binds").select("id").where("user_id", "=", userId).execute();
    return loadAll(
      tx,
      rows.map(({ id }) => id),
    );
  },
  async ofAccount(tx: Queries, { provider, openId }: ProviderAccount): Promise<readonly OAuth2Binding[]> {
    const query = tx.selectFrom("oauth2_binds").select("id").where("provider", "=", provider).where("open_id", "=", openId);
    return loadAll(
      tx,
      (await query.execute()).map(({ id }) => id),
    );
  },
  async insert(tx: Queries, userId: number, { provider, openId }: ProviderAccount, at: number): Promise<number> {
    const time = writeTime(at);
    const row = { created_at: time, updated_at: time, user_id: userId, provider, open_id: openId };
    const { id } = await tx.insertInto("oauth2_binds").values(row).returning("id").executeTakeFirstOrThrow();
    return id;
  },
  async giveTo(tx: Queries, userId: number, ids: readonly number[], at: number): Promise<void> {
    await tx
      .updateTable("oauth2_binds")
      .set({ user_id: userId, updated_at: writeTime(at) })
      .where("id", "in", ids)
      .execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    if (ids.length > 0) await tx.deleteFrom("oauth2_binds").where("id", "in", ids).execute();
  },
  async deleteOfUsers(tx: Queries, userIds: readonly number[]): Promise<readonly number[]> {
    const rows = await tx.deleteFrom("oauth2_binds").where("user_id", "in", userIds).returning("id").execute();
    return rows.map(({ id }) => id);
  },
  /** What the table of users says; `undefined`: there is no such user. */
  async user(tx: Queries, id: number): Promise<{ readonly rejectsPassword: boolean } | undefined> {
    const row = await tx.selectFrom("users").select("reject_password").where("id", "=", id).executeTakeFirst();
    return row && { rejectsPassword: readFlag(row.reject_password) };
  },
};

async function loadAll(tx: Queries, ids: readonly number[]): Promise<readonly OAuth2Binding[]> {
  return ids.length === 0 ? [] : bindingKind.load(tx, ids);
}
