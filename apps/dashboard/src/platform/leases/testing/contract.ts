import { expect, test } from "vitest";
import type { Database, Queries } from "#platform/database";
import { LEASE, LeaseLostError } from "../model.ts";
import { contend, settled } from "./contender.ts";
import type { Contender } from "./contender.ts";

/** The longest that nobody holds a lease whose holder was killed right after it renewed it. */
const TAKE_OVER_MS = 5_000;
const STEP_MS = 250;
const NOTE = "lease.note";

/** A database with its tables, empty, and how to be rid of it. */
export interface LeaseGround {
  readonly database: Database;
  remove(): Promise<void>;
}

interface Ground {
  readonly database: Database;
  contend(name: string, onStart?: () => void): Promise<Contender>;
  /** Lets time pass for these contenders; the others sleep, or are dead. */
  advance(ms: number, awake: readonly Contender[]): Promise<void>;
}

/** A lease that was given back has no holder however often one looks. */
const MOST_ROUNDS = 100;

/** What leases promise on every database. `open` gives an empty one for each test. */
export function testLeases(open: () => Promise<LeaseGround>): void {
  const onGround = (run: (ground: Ground) => Promise<void>) => async (): Promise<void> => {
    const opened = await open();
    const { ground, stop } = createGround(opened.database);
    try {
      await run(ground);
      await stop();
    } finally {
      await opened.remove();
    }
  };
  describeHolding(onGround);
  describeLosing(onGround);
}

type OnGround = (run: (ground: Ground) => Promise<void>) => () => Promise<void>;

function describeHolding(onGround: OnGround): void {
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

function describeLosing(onGround: OnGround): void {
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
      const { promise: open, resolve: goOn } = Promise.withResolvers<undefined>();
      const slow = database.transaction(() => open);
      first.clock.advance(LEASE.everyMs);
      first.sleep(LEASE.forMs);
      goOn(undefined);
      await slow;
      await advance(0, [first]);
      await advance(LEASE.lookMs, [second]);
      expect([first.lease.held, second.lease.held]).toEqual([false, true]);
    }),
  );

  test(
    "what the database answers too late is not held",
    onGround(async ({ contend: enter, advance, database }) => {
      const first = await enter("a");
      const { promise: open, resolve: goOn } = Promise.withResolvers<undefined>();
      const slow = database.transaction(() => open);
      first.clock.advance(LEASE.everyMs);
      first.sleep(LEASE.forMs);
      goOn(undefined);
      await slow;
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

async function note(tx: Queries, text: string, key = ""): Promise<void> {
  await tx
    .insertInto("wf_meta")
    .values({ key: `${NOTE}.${text}.${key}`, value: text })
    .execute();
}

async function noted({ kysely }: Database): Promise<string[]> {
  return (await kysely.selectFrom("wf_meta").select("value").where("key", "like", `${NOTE}%`).execute()).map(({ value }) => value);
}

async function fenceOf({ kysely }: Database): Promise<number> {
  return (await kysely.selectFrom("wf_leases").select("fence").executeTakeFirstOrThrow()).fence;
}

function createGround(database: Database): { readonly ground: Ground; stop(): Promise<void> } {
  const entered: Contender[] = [];
  const ground: Ground = {
    database,
    async advance(ms, awake) {
      for (let left = ms; left > 0; left -= STEP_MS) {
        for (const { clock } of awake) await clock.advanceAsync(Math.min(left, STEP_MS));
        await settled(database);
      }
      for (const { clock } of awake) await clock.advanceAsync(0);
      await settled(database);
    },
    async contend(name, onStart) {
      const one = await contend(name, database, onStart ? { onStart } : {});
      entered.push(one);
      // Its first look is answered: a server takes its time.
      for (let round = 0; one.lease.holder === undefined && round < MOST_ROUNDS; round++) await settled(database);
      await ground.advance(1, [one]);
      return one;
    },
  };
  return {
    ground,
    async stop() {
      for (const { lease } of entered) await lease.stop();
    },
  };
}
