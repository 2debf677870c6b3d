import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import type { Bus, BusState } from "#platform/bus";
import { createSpread } from "./spread.ts";

type Give = Parameters<Bus["answer"]>[1];

/** One dashboard with two others, and what they were asked. */
function open() {
  const clock = createFakeClock();
  const asked: string[] = [];
  const reached: number[] = [];
  const silent = new Set<string>();
  const state: { bus: BusState; give: Give | undefined } = { bus: "connected", give: undefined };
  const changes = {
    applied: 5,
    reach: (sequence: number): Promise<void> => {
      reached.push(sequence);
      return Promise.resolve();
    },
  };
  const there = ["b", "c"];
  const spread = createSpread({
    clock,
    changes,
    peers: { ids: () => there },
    bus: {
      get state() {
        return state.bus;
      },
      answer: (_topic, give) => void (state.give = give),
      request(replica, topic, body) {
        asked.push(`${topic} ${replica} ${(JSON.parse(Buffer.from(body).toString()) as { sequence: number }).sequence}`);
        return Promise.resolve(silent.has(replica) ? "no-answer" : new Uint8Array());
      },
    },
  });
  return { clock, asked, reached, silent, state, changes, spread, there };
}

test("whoever changed something waits for all that are there, once for each place in the log", async () => {
  const { asked, changes, spread } = open();
  await spread();
  await spread();
  expect(asked).toEqual(["reach b 5", "reach c 5"]);
  changes.applied = 7;
  await spread();
  expect(asked.slice(2)).toEqual(["reach b 7", "reach c 7"]);
});

test("one that says nothing is not waited for again for ten seconds, and nobody where the bus is lost", async () => {
  const { asked, changes, clock, silent, spread, state } = open();
  silent.add("b");
  await spread();
  changes.applied++;
  await spread();
  expect(asked.splice(0)).toEqual(["reach b 5", "reach c 5", "reach c 6"]);
  clock.advance(10_000);
  silent.clear();
  for (let turn = 0; turn < 2; turn++) {
    changes.applied++;
    await spread();
  }
  expect(asked.splice(0)).toEqual(["reach b 7", "reach c 7", "reach b 8", "reach c 8"]);
  state.bus = "lost";
  changes.applied++;
  await spread();
  expect(asked).toEqual([]);
});

test("what others ask is answered when it is in memory here, and what is no question at once", async () => {
  const { reached, state } = open();
  await state.give?.("b", Buffer.from('{"v":1,"sequence":9}'));
  await state.give?.("b", Buffer.from('{"v":1,"sequence":-1}'));
  await state.give?.("b", Buffer.from("x"));
  expect(reached).toEqual([9]);
});
