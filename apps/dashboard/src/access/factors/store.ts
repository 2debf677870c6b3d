import type { Changes, Kept, Queries } from "#platform/database";

/** A user whose code generator is asked for. */
export interface SecondFactor {
  readonly userId: number;
  /** Unix milliseconds. */
  readonly since: number;
}

/** All users with a second factor, in memory. */
export type SecondFactors = Kept<number, SecondFactor, (typeof factorKind)["indexes"]>;

export const factorKind = {
  name: "second-factor",
  keyOf: ({ userId }: SecondFactor): number => userId,
  order: (a: SecondFactor, b: SecondFactor): number => a.userId - b.userId,
  indexes: {},
  load: async (queries: Queries, ids?: readonly number[]): Promise<SecondFactor[]> => {
    const query = queries.selectFrom("wf_totp").select(["user_id", "confirmed_at"]).where("confirmed_at", ">", 0).orderBy("user_id");
    const rows = await (ids ? query.where("user_id", "in", ids) : query).execute();
    return rows.map((row) => ({ userId: row.user_id, since: row.confirmed_at }));
  },
};

/** What goes with somebody's first second factor, within its transaction. */
export type OnFirst = (tx: Queries, changes: Changes) => Promise<void>;

/** A code generator as stored. */
export interface StoredGenerator {
  /** Sealed. */
  readonly secret: string;
  /** Unix milliseconds; 0: not yet. */
  readonly confirmedAt: number;
  readonly usedSteps: readonly number[];
}

/** Used steps remembered of a user; only three are good at a time, and whoever sets the clock back cannot use one again. */
const STEPS_KEPT = 20;

/** SQL of the tables `wf_totp` and `wf_recovery_codes`. */
export const factorStore = {
  async find(queries: Queries, userId: number): Promise<StoredGenerator | undefined> {
    const row = await queries.selectFrom("wf_totp").selectAll().where("user_id", "=", userId).executeTakeFirst();
    return row && { secret: row.secret, confirmedAt: row.confirmed_at, usedSteps: JSON.parse(row.used_steps) as number[] };
  },
  /** Whether something is asked for besides the password. */
  async isAsked(queries: Queries, userId: number): Promise<boolean> {
    if ((await factorStore.find(queries, userId))?.confirmedAt) return true;
    return (await queries.selectFrom("wf_passkeys").select("id").where("user_id", "=", userId).limit(1).executeTakeFirst()) !== undefined;
  },
  /** Replaces one that nobody has confirmed. */
  async put(tx: Queries, userId: number, secret: string): Promise<void> {
    const unconfirmed = { secret, confirmed_at: 0, used_steps: "[]" };
    await tx
      .insertInto("wf_totp")
      .values({ user_id: userId, ...unconfirmed })
      .onConflict((conflict) => conflict.column("user_id").doUpdateSet(unconfirmed))
      .execute();
  },
  async confirm(tx: Queries, userId: number, at: number): Promise<void> {
    await tx.updateTable("wf_totp").set({ confirmed_at: at }).where("user_id", "=", userId).execute();
  },
  async noteStep(tx: Queries, userId: number, { usedSteps }: StoredGenerator, step: number): Promise<void> {
    const steps = JSON.stringify([...usedSteps, step].slice(-STEPS_KEPT));
    await tx.updateTable("wf_totp").set({ used_steps: steps }).where("user_id", "=", userId).execute();
  },
  async replaceRecoveryCodes(tx: Queries, userId: number, hashes: readonly string[]): Promise<void> {
    await tx.deleteFrom("wf_recovery_codes").where("user_id", "=", userId).execute();
    await tx
      .insertInto("wf_recovery_codes")
      .values(hashes.map((hash) => ({ user_id: userId, hash })))
      .execute();
  },
  /** @returns whether it was there; it is not any more */
  async takeRecoveryCode(tx: Queries, userId: number, hash: string): Promise<boolean> {
    const { numDeletedRows } = await tx
      .deleteFrom("wf_recovery_codes")
      .where("user_id", "=", userId)
      .where("hash", "=", hash)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  },
  async countRecoveryCodes(queries: Queries, userId: number): Promise<number> {
    const rows = await queries.selectFrom("wf_recovery_codes").select("hash").where("user_id", "=", userId).execute();
    return rows.length;
  },
  async removeGenerator(tx: Queries, userId: number): Promise<void> {
    await tx.deleteFrom("wf_totp").where("user_id", "=", userId).execute();
    await factorStore.dropUselessCodes(tx, userId);
  },
  /** With the last factor the codes go that stand in for it: they would stand in for the next one. */
  async dropUselessCodes(tx: Queries, userId: number): Promise<void> {
    if (!(await factorStore.isAsked(tx, userId))) await tx.deleteFrom("wf_recovery_codes").where("user_id", "=", userId).execute();
  },
  /** Everything, passkeys too. */
  async removeOf(tx: Queries, userIds: readonly number[]): Promise<void> {
    for (const table of TABLES) await tx.deleteFrom(table).where("user_id", "in", userIds).execute();
  },
  /** Users of whom something is stored, and who are no more. */
  async orphans(queries: Queries): Promise<readonly number[]> {
    const found = new Set<number>();
    for (const table of TABLES) {
      const users = queries.selectFrom("users").select("id");
      const rows = await queries.selectFrom(table).select("user_id").where("user_id", "not in", users).distinct().execute();
      for (const row of rows) found.add(row.user_id);
    }
    return [...found];
  },
};

const TABLES = ["wf_totp", "wf_recovery_codes", "wf_passkeys"] as const;
