import type { Queries } from "#platform/database";

/** A row of `wf_leases`. */
export interface LeaseRow {
  readonly name: string;
  /** "": nobody, it was given back. */
  readonly holder: string;
  /** Grows with each holder. */
  readonly fence: number;
  /** Grows with each time that a holder takes or renews it: who sees the same one for long enough may take it. */
  readonly beat: number;
}

/** SQL of leases. No moment is stored: clocks of hosts and of the database may differ, and be set. */
export const leaseStore = {
  get: (queries: Queries, name: string): Promise<LeaseRow | undefined> =>
    queries.selectFrom("wf_leases").selectAll().where("name", "=", name).executeTakeFirst(),
  /** Takes it as it was seen, `undefined`: not there; its new row, or `undefined` where somebody was faster. */
  async take(tx: Queries, { name, holder }: Pick<LeaseRow, "name" | "holder">, seen: LeaseRow | undefined): Promise<LeaseRow | undefined> {
    if ((await leaseStore.get(tx, name))?.beat !== seen?.beat) return undefined;
    const row = { name, holder, fence: (seen?.fence ?? 0) + 1, beat: (seen?.beat ?? 0) + 1 };
    if (seen === undefined) await tx.insertInto("wf_leases").values(row).execute();
    else await tx.updateTable("wf_leases").set(row).where("name", "=", name).execute();
    return row;
  },
  /** Whether it was this holder's. */
  async renew(tx: Queries, { name, holder, fence }: Omit<LeaseRow, "beat">): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable("wf_leases")
      .set(({ eb }) => ({ beat: eb("beat", "+", 1) }))
      .where("name", "=", name)
      .where("holder", "=", holder)
      .where("fence", "=", fence)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },
  /** The next one may take it at once. The fence stays, to be counted on. */
  async giveBack(tx: Queries, { name, holder, fence }: Omit<LeaseRow, "beat">): Promise<void> {
    await tx
      .updateTable("wf_leases")
      .set(({ eb }) => ({ holder: "", beat: eb("beat", "+", 1) }))
      .where("name", "=", name)
      .where("holder", "=", holder)
      .where("fence", "=", fence)
      .execute();
  },
};
