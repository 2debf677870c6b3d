import type { Queries } from "#platform/database";

/** Where somebody signs in from. */
export interface Device {
  readonly userId: number;
  /** See `networkOf`; "" when no address is known. */
  readonly network: string;
  readonly device: string;
}

/** Devices of a user that are remembered; the one seen longest ago goes. */
const MOST = 100;

/** SQL of the table `wf_devices`. */
export const deviceStore = {
  /** Whether the user has signed in from there, with whatever device. */
  async knowsNetwork(queries: Queries, userId: number, network: string): Promise<boolean> {
    if (network === "") return false;
    const query = queries.selectFrom("wf_devices").select("user_id").where("user_id", "=", userId).where("network", "=", network);
    return (await query.limit(1).executeTakeFirst()) !== undefined;
  },
  /** Whether a sign-in from there is the first of its kind, of a user who has signed in before. */
  async isNew(queries: Queries, { userId, network, device }: Device): Promise<boolean> {
    const rows = queries.selectFrom("wf_devices").select("user_id").where("user_id", "=", userId);
    const same = await rows.where("network", "=", network).where("device", "=", device).executeTakeFirst();
    return same === undefined && (await rows.limit(1).executeTakeFirst()) !== undefined;
  },
  /** @param at Unix milliseconds */
  async note(tx: Queries, { userId, network, device }: Device, at: number): Promise<void> {
    await tx
      .insertInto("wf_devices")
      .values({ user_id: userId, network, device, seen_at: at })
      .onConflict((conflict) => conflict.columns(["user_id", "network", "device"]).doUpdateSet({ seen_at: at }))
      .execute();
    const surplus = await tx
      .selectFrom("wf_devices")
      .select(["network", "device"])
      .where("user_id", "=", userId)
      .orderBy("seen_at", "desc")
      .limit(MOST)
      .offset(MOST)
      .execute();
    for (const old of surplus)
      await tx
        .deleteFrom("wf_devices")
        .where("user_id", "=", userId)
        .where("network", "=", old.network)
        .where("device", "=", old.device)
        .execute();
  },
  async removeOf(tx: Queries, userIds: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_devices").where("user_id", "in", userIds).execute();
  },
};
