import { expect, test } from "vitest";
import type { Database } from "#platform/database";
import { LEASE, LeaseLostError } from "../model.ts";
import type { Contender } from "./contender.ts";
import { note, noted } from "./ground.ts";
import type { OnGround } from "./ground.ts";

/** Who lost a lease does nothing by it any more. */
export function describeLosing(onGround: OnGround): void {
  test(
    "a holder that slept can neither send nor write, stops, and does not get it back",
    onGround(async ({ contend: enter, advance, database }) => {
      const [first, second] = [await enter("a"), await enter("b")];
      await advance(30_000, [second]);
      expect(second.lease.held).toBe(true);
      // Its clock ran on while it stood still; none of its timers has run yet.
      first.sleep(30_000);
      expect(first.lease.maySend).toBe(false);
      await expect(first.lease.database.transaction((tx) => note(tx, "a"))).rejects.toThrow(LeaseLostError);
      await advance(10_000, [first, second]);
      expect([first.lease.held, second.lease.held]).toEqual([false, true]);
      expect(first.terms).toEqual(["start", "stop"]);
      expect(await noted(database)).toEqual([]);
    }),
  );

  test(
    "a machine that slept, whose monotonic clock stood still with it, does not send before it has asked",
    onGround(async ({ contend: enter, advance, database }) => {
      const [first, second] = [await enter("a"), await enter("b")];
      await advance(30_000, [second]);
      first.clock.jump(30_000);
      expect([first.lease.held, first.lease.maySend]).toEqual([true, false]);
      await expect(first.lease.database.change((tx) => note(tx, "a"))).rejects.toThrow(LeaseLostError);
      expect(first.lease.held).toBe(false);
      expect(await noted(database)).toEqual([]);
    }),
  );

  test(
    "one that slept for less than a lease is good for does not send when that is over for the others",
    onGround(async ({ contend: enter, advance }) => {
      const first = await enter("a");
      await advance(500, [first]);
      first.clock.jump(LEASE.forMs - 400);
      expect([first.lease.held, first.lease.maySend]).toEqual([true, false]);
      await advance(LEASE.everyMs, [first]);
      expect(first.lease.maySend).toBe(true);
    }),
  );

  test(
    "one that was renewed too late is given back at once",
    onGround(async ({ contend: enter, advance, database }) => {
      const [first, second] = [await enter("a"), await enter("b")];
      await renewedLate(database, first);
      await advance(0, [first]);
      await advance(LEASE.lookMs, [second]);
      expect([first.lease.held, second.lease.held]).toEqual([false, true]);
    }),
  );

  test(
    "what the database answers too late is not held",
    onGround(async ({ contend: enter, advance, database }) => {
      const first = await enter("a");
      await renewedLate(database, first);
      expect(first.lease.held).toBe(false);
      await advance(0, [first]);
      expect([first.lease.held, first.terms]).toEqual([false, ["start", "stop"]]);
    }),
  );

  test(
    "a write that was asked for in time and comes after another took the lease is refused whole",
    onGround(async ({ contend: enter, database }) => {
      const { lease } = await enter("a");
      const taken = database.transaction(async (tx) => void (await tx.updateTable("wf_leases").set({ holder: "b", fence: 2 }).execute()));
      const late = [lease.database.change((tx) => note(tx, "a")), lease.database.transaction((tx) => note(tx, "a"))];
      const refused = late.map(async (one) => expect(one).rejects.toThrow(LeaseLostError));
      await Promise.all([taken, ...refused]);
      expect(await noted(database)).toEqual([]);
      expect(lease.held).toBe(false);
    }),
  );
}

/** Another one's transaction holds a renewal up until the lease is over. */
async function renewedLate(database: Database, { clock, sleep }: Contender): Promise<void> {
  const { promise: open, resolve: goOn } = Promise.withResolvers<undefined>();
  const slow = database.transaction(() => open);
  clock.advance(LEASE.everyMs);
  sleep(LEASE.forMs);
  goOn(undefined);
  await slow;
}
