import { expect, test } from "vitest";
import { LEASE } from "../model.ts";
import { fenceOf, note, noted, STEP_MS } from "./ground.ts";
import type { OnGround } from "./ground.ts";

/** The longest that nobody holds a lease whose holder was killed right after it renewed it. */
const TAKE_OVER_MS = 5_000;

/** Who holds a lease, and who comes after. */
export function describeHolding(onGround: OnGround): void {
  test(
    "one of several holds it, and renews it",
    onGround(async ({ contend: enter, advance }) => {
      const [first, second] = [await enter("a"), await enter("b")];
      await advance(20_000, [first, second]);
      expect([first.lease.held, second.lease.held]).toEqual([true, false]);
      expect([first.lease.holder, second.lease.holder]).toEqual(["a", "a"]);
      expect([first.terms, second.terms]).toEqual([["start"], []]);
    }),
  );

  test(
    "one that is given back is taken at the next look",
    onGround(async ({ contend: enter, advance }) => {
      const [first, second] = [await enter("a"), await enter("b")];
      await first.lease.stop();
      await advance(LEASE.lookMs, [second]);
      expect([first.lease.held, second.lease.held]).toEqual([false, true]);
      expect(first.terms).toEqual(["start", "stop"]);
    }),
  );

  test(
    "one whose holder died is taken in time, with a higher number",
    onGround(async ({ contend: enter, advance, database }) => {
      const [first, second] = [await enter("a"), await enter("b")];
      await advance(LEASE.everyMs * 3, [second, first]);
      const before = await fenceOf(database);
      await advance(TAKE_OVER_MS - STEP_MS, [second]);
      expect(second.lease.held).toBe(true);
      expect(await fenceOf(database)).toBe(before + 1);
      await second.lease.database.transaction((tx) => note(tx, "b"));
      await second.lease.database.change((tx) => note(tx, "b", "again"));
      expect(await noted(database)).toEqual(["b", "b"]);
    }),
  );

  test(
    "what cannot start gives the lease back, and is tried again",
    onGround(async ({ contend: enter, advance }) => {
      let failures = 1;
      const first = await enter("a", () => {
        if (failures-- > 0) throw new Error("not now");
      });
      await advance(LEASE.everyMs * 2, [first]);
      expect([first.lease.held, first.terms]).toEqual([true, ["start"]]);
    }),
  );

  test(
    "a clock that is set takes it from nobody",
    onGround(async ({ contend: enter, advance }) => {
      const [first, second] = [await enter("a"), await enter("b")];
      for (const byMs of [3_600_000, -7_200_000]) {
        for (const { clock } of [first, second]) clock.jump(byMs);
        await advance(LEASE.everyMs * 2, [first, second]);
      }
      expect([first.lease.held, first.lease.maySend, first.terms]).toEqual([true, true, ["start"]]);
    }),
  );
}
