import type { Kept, PasskeysTable, Queries } from "#platform/database";

/** A passkey as its owner sees it. Times in Unix milliseconds. */
export interface Passkey {
  readonly id: string;
  readonly userId: number;
  readonly name: string;
  readonly createdAt: number;
  /** 0: never. Memory may be behind. */
  readonly usedAt: number;
}

/** All passkeys in memory, the oldest first. */
export type KeptPasskeys = Kept<string, Passkey, (typeof passkeyKind)["indexes"]>;

export const passkeyKind = {
  name: "passkey",
  keyOf: ({ id }: Passkey): string => id,
  order: (a: Passkey, b: Passkey): number => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1),
  indexes: { user: ({ userId }: Passkey): number => userId },
  load: async (queries: Queries, ids?: readonly string[]): Promise<Passkey[]> => {
    const query = queries.selectFrom("wf_passkeys").selectAll().orderBy("created_at").orderBy("name");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(readPasskey);
  },
};

/** SQL of the table `wf_passkeys`. */
export const passkeyStore = {
  async find(queries: Queries, id: string): Promise<PasskeysTable | undefined> {
    return queries.selectFrom("wf_passkeys").selectAll().where("id", "=", id).executeTakeFirst();
  },
  async ofUser(queries: Queries, userId: number): Promise<readonly Passkey[]> {
    const query = queries.selectFrom("wf_passkeys").selectAll().where("user_id", "=", userId).orderBy("created_at").orderBy("name");
    return (await query.execute()).map(readPasskey);
  },
  async insert(tx: Queries, row: PasskeysTable): Promise<void> {
    await tx.insertInto("wf_passkeys").values(row).execute();
  },
  /** @returns whether it was there, with the counter that the check began from */
  async noteUse(tx: Queries, id: string, use: { readonly from: number; readonly to: number; readonly at: number }): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable("wf_passkeys")
      .set({ counter: use.to, used_at: use.at })
      .where("id", "=", id)
      .where("counter", "=", use.from)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },
  async delete(tx: Queries, ids: readonly string[]): Promise<void> {
    await tx.deleteFrom("wf_passkeys").where("id", "in", ids).execute();
  },
  /** @returns their ids */
  async deleteOfUsers(tx: Queries, userIds: readonly number[]): Promise<readonly string[]> {
    const rows = await tx.deleteFrom("wf_passkeys").where("user_id", "in", userIds).returning("id").execute();
    return rows.map(({ id }) => id);
  },
};

function readPasskey(row: PasskeysTable): Passkey {
  return { id: row.id, userId: row.user_id, name: row.name, createdAt: row.created_at, usedAt: row.used_at };
}
