import { decodeReceipt, encodeLateStates, encodeState } from "@windfire/protocol";
import { sampleState } from "@windfire/testkit";
import { expect, test } from "vitest";
import type { LiveServer } from "#features/servers";
import type { FleetDeps } from "./index.ts";
import { createFleetBench, testServer } from "./testing/index.ts";

const MINUTE_MS = 60_000;

function open(deps: Partial<FleetDeps> = {}) {
  const recorded: Float64Array[] = [];
  const heard: string[] = [];
  const bench = createFleetBench([testServer({ id: 1 })], {
    recordLate: async (_serverId, states) => {
      recorded.push(states);
      return states.length;
    },
    record: () => heard.push("record"),
    onState: () => heard.push("state"),
    onRestart: () => heard.push("restart"),
    ...deps,
  });
  const server = bench.servers.get(1) as LiveServer;
  const say = async (ages: readonly number[], clockOff = 0): Promise<boolean> => {
    const sentAt = bench.clock.now() + clockOff;
    const states = ages.map((age, index) => ({ at: sentAt - age, state: encodeState({ ...sampleState(index), cpu: 50 + index }) }));
    return decodeReceipt(await bench.fleet.reportLateStates(server, encodeLateStates({ sentAt, states }))).proced;
  };
  const times = (): number[][] => recorded.map((states) => Array.from({ length: states.length / 18 }, (_, i) => states[i * 18] as number));
  return { bench, server, say, recorded, times, heard };
}

test("what was measured meanwhile goes to the history alone: nothing is judged, told or counted", async () => {
  const { bench, server, say, recorded, times, heard } = open();
  const before = { state: server.state, lastActive: server.lastActive, traffic: server.traffic.unbooked };
  expect(await say([10 * MINUTE_MS, 9 * MINUTE_MS])).toBe(true);
  expect(times()).toEqual([[bench.clock.now() - 10 * MINUTE_MS, bench.clock.now() - 9 * MINUTE_MS]]);
  expect([recorded[0]?.[1], recorded[0]?.[19]]).toEqual([50, 51]);
  expect({ state: server.state, lastActive: server.lastActive, traffic: server.traffic.unbooked }).toEqual(before);
  expect(heard).toEqual([]);
});

test("a clock that is wrong by hours is corrected, to half a point; one that is right is left alone", async () => {
  const { bench, say, times } = open();
  await say([MINUTE_MS], 3 * 3_600_000 + 7_000);
  await say([MINUTE_MS], 4_000);
  const offs = times().map(([at]) => (at as number) - (bench.clock.now() - MINUTE_MS));
  expect(offs).toEqual([7_000, 4_000]);
});

test("older than two hours, or to come, is passed over", async () => {
  const { say, times } = open();
  expect(await say([3 * 3_600_000, -40_000, 5_000])).toBe(true);
  expect(times()[0]).toHaveLength(1);
});

test("an agent that hands over without end is told to wait, and keeps what it has", async () => {
  const { bench, say, recorded } = open();
  const answers: boolean[] = [];
  for (let index = 0; index < 12; index++) answers.push(await say([MINUTE_MS]));
  expect(answers).toEqual([...Array.from({ length: 10 }, () => true), false, false]);
  expect(recorded).toHaveLength(10);
  bench.clock.advance(30_000);
  expect(await say([MINUTE_MS])).toBe(true);
});

test("that there is nothing may be said as often as an agent connects", async () => {
  const { say, recorded } = open();
  for (let index = 0; index < 50; index++) expect(await say([])).toBe(true);
  expect(recorded).toEqual([]);
});

test("what cannot be stored is not receipted", async () => {
  const { say } = open({ recordLate: () => Promise.reject(new Error("the disk is full")) });
  await expect(say([MINUTE_MS])).rejects.toThrow("the disk is full");
});
