import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { DatabaseError } from "#platform/database";
import type { Changes, Database, Queries } from "#platform/database";
import { createTransitions } from "./transitions.ts";
import type { Transition } from "./transitions.ts";

const transition = (serverId: number): Transition => ({
  kind: "raise",
  ruleId: 1,
  serverId,
  saves: 1,
  at: 0,
  facts: { value: "", limit: "" },
});

/** Transitions of a database whose write of server 2 fails with what `fails` says. */
function build(fails: (attempt: number) => Error | undefined) {
  const clock = createFakeClock();
  const written: number[] = [];
  let attempts = 0;
  const change: Database["change"] = async (verb) => {
    const before = written.length;
    try {
      return await verb({} as Queries, {} as Changes);
    } catch (error) {
      written.length = before;
      throw error;
    }
  };
  const transitions = createTransitions({
    clock,
    database: { change },
    async write(_tx, _changes, { serverId }) {
      const error = serverId === 2 ? fails(++attempts) : undefined;
      if (error) throw error;
      written.push(serverId);
    },
    onError: () => undefined,
  });
  return { clock, transitions, written };
}

test("what the database refuses for its own sake is given up, and keeps no other from being written", async () => {
  const { transitions, written } = build(() => new DatabaseError("constraint", "NOT NULL constraint failed"));
  for (const serverId of [1, 2, 3]) transitions.add(transition(serverId));
  await transitions.settled();
  expect({ written, waiting: transitions.waiting, dropped: transitions.dropped }).toEqual({ written: [1, 3], waiting: 0, dropped: 1 });
});

test("a pair that was given up may be asked for again after a minute, one that was written at once", async () => {
  const { clock, transitions } = build(() => new DatabaseError("constraint", "NOT NULL constraint failed"));
  for (const serverId of [1, 2]) transitions.add(transition(serverId));
  expect([1, 2, 3].map((serverId) => transitions.isUnderWay(1, serverId))).toEqual([true, true, false]);
  await transitions.settled();
  expect([1, 2].map((serverId) => transitions.isUnderWay(1, serverId))).toEqual([false, true]);
  clock.advance(60_000);
  expect(transitions.isUnderWay(1, 2)).toBe(false);
});

test("what a full disk refuses is written when there is room, in its order", async () => {
  const { clock, transitions, written } = build((attempt) => (attempt <= 3 ? new DatabaseError("full", "no space") : undefined));
  for (const serverId of [1, 2, 3]) transitions.add(transition(serverId));
  await transitions.settled();
  // The first went out alone, before the others came.
  expect(written).toEqual([1]);
  await clock.advanceAsync(60_000);
  expect({ written, waiting: transitions.waiting, dropped: transitions.dropped }).toEqual({ written: [1, 2, 3], waiting: 0, dropped: 0 });
});

test("an outage of a whole fleet under a database that cannot be written costs each transition the same", async () => {
  const { transitions } = build(() => new DatabaseError("busy", "the database is locked"));
  const msOf = (count: number, firstServer: number): number => {
    const begun = performance.now();
    for (let index = 0; index < count; index++) {
      transitions.add(transition(firstServer + index));
      transitions.isUnderWay(1, firstServer + index);
    }
    return performance.now() - begun;
  };
  msOf(20_000, 1_000);
  expect(transitions.waiting).toBe(20_000);
  // A look through all that wait, for each that comes, took half a minute.
  expect(msOf(20_000, 100_000)).toBeLessThan(5_000);
  expect(transitions.waiting).toBe(40_000);
});

test("of a pair that changes while nothing can be written the last word is kept, and what nobody heard goes", async () => {
  const clock = createFakeClock();
  const written: string[] = [];
  let isBusy = true;
  const transitions = createTransitions({
    clock,
    database: {
      change: async (verb) => (isBusy ? Promise.reject(new DatabaseError("busy", "locked")) : verb({} as Queries, {} as Changes)),
    },
    async write(_tx, _changes, { serverId, kind }) {
      written.push(`${kind} ${serverId}`);
    },
    onError: () => undefined,
  });
  for (let turn = 0; turn < 5; turn++) for (const kind of ["raise", "clear"] as const) transitions.add({ ...transition(7), kind });
  transitions.add(transition(8));
  await transitions.settled();
  expect({ waiting: transitions.waiting, dropped: transitions.dropped }).toEqual({ waiting: 5, dropped: 6 });
  isBusy = false;
  await clock.advanceAsync(500);
  await transitions.settled();
  expect(written).toEqual(["raise 7", "clear 7", "raise 7", "clear 7", "raise 8"]);
  expect(transitions.isUnderWay(1, 7)).toBe(false);
});
