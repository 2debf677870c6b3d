import type { Queries } from "#platform/database";

/** SQL of `wf_disabled_users`: whoever has a row there does not get in. Their row of `users` stays as it is. */
export const disabledStore = {
  /** Those among these users, or all. */
  async load(queries: Queries, userIds?: readonly number[]): Promise<ReadonlySet<number>> {
    const query = queries.selectFrom("wf_disabled_users").select("user_id");
    const rows = await (userIds ? query.where("user_id", "in", userIds) : query).execute();
    return new Set(rows.map((row) => row.user_id));
  },
  /** `at`: Unix milliseconds. */
  async add(tx: Queries, userId: number, at: number): Promise<void> {
    await tx
      .insertInto("wf_disabled_users")
      .values({ user_id: userId, since: at })
      .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ since: at }))
      .execute();
  },
  /** @returns whether any of them was disabled */
  async remove(tx: Queries, userIds: readonly number[]): Promise<boolean> {
    const gone = await tx.deleteFrom("wf_disabled_users").where("user_id", "in", userIds).returning("user_id").execute();
    return gone.length > 0;
  },
  /** Of users that another program deleted: a new user with the number is not disabled. */
  async removeOrphans(queries: Queries): Promise<void> {
    await queries
      .deleteFrom("wf_disabled_users")
      .where("user_id", "not in", (users) => users.selectFrom("users").select("id"))
      .execute();
  },
};
