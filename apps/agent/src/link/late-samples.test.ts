import { createFakeClock } from "@windfire/testkit";
import { decodeLateStates, decodeState, encodeReceipt, STATUS } from "@windfire/protocol";
import type { Feature, LateState } from "@windfire/protocol";
import { expect, test } from "vitest";
import { DEFAULT_CONFIG } from "../config/index.ts";
import { TEST_HOST, TEST_UUID, testState } from "../testing/test-agent.ts";
import { CallError } from "./channel.ts";
import type { Channel } from "./channel.ts";
import { createLateSamples } from "./late-samples.ts";

const PREFIX_BYTES = 5;

function open({ sensors = 0 } = {}) {
  const clock = createFakeClock();
  let config = { ...DEFAULT_CONFIG, server: "a.example.com:8008", uuid: TEST_UUID, report_delay: 3 };
  let samples = 0;
  const late = createLateSamples({
    clock,
    config: () => config,
    collector: {
      host: () => Promise.resolve(TEST_HOST),
      sample: () => Promise.resolve({ ...testState(++samples), temperatures: sensorsNamed(sensors) }),
    },
    onError: (error) => {
      throw error;
    },
  });
  const told: LateState[][] = [];
  const remaining: number[] = [];
  let answer: "taken" | "not now" | "gone" = "taken";
  const channel: Pick<Channel, "call" | "understands"> = {
    understands: (feature: Feature) => feature === "late-states",
    call: (method, frame) => {
      expect(method).toBe("ReportLateStates");
      const message = decodeLateStates(frame.subarray(PREFIX_BYTES));
      told.push(message.states.map(({ at, state }) => ({ at, state: state.slice() })));
      remaining.push(message.remaining);
      if (answer === "gone") return Promise.reject(new CallError({ code: STATUS.unavailable, message: "gone" }));
      return Promise.resolve(encodeReceipt({ proced: answer === "taken" }));
    },
  };
  return {
    clock,
    late,
    keep: (at: number, uptime: number, server = "a.example.com:8008") => late.keep(at, testState(uptime), { ...config, server }),
    told,
    remaining,
    channel: channel as Channel,
    answers: (next: typeof answer) => (answer = next),
    move: (server: string) => (config = { ...config, server }),
    samples: () => samples,
    numbers: () => told.map((states) => states.map(({ state }) => decodeState(state).uptime)),
  };
}

const sensorsNamed = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `a sensor with a name ${index}`, temperature: 40 }));

test("nothing is measured for later while the dashboard is there", async () => {
  const { clock, late, channel, told, samples } = open();
  await clock.advanceAsync(60_000);
  await late.handOver(channel);
  expect([told, samples()]).toEqual([[[]], 0]);
});

test("what was measured meanwhile is told once, with the time at which it was, also when the clock is set", async () => {
  const { clock, late, channel, told, numbers, samples } = open();
  late.away();
  late.away();
  const began = clock.now();
  await clock.advanceAsync(9_000);
  late.back();
  await clock.advanceAsync(60_000);
  await late.handOver(channel);
  await late.handOver(channel);
  expect(numbers()).toEqual([[1, 2, 3], []]);
  expect(told[0]?.map(({ at }) => at - began)).toEqual([3_000, 6_000, 9_000]);
  expect(samples()).toBe(3);
});

test.each(["not now", "gone"] as const)("a dashboard that is %s leaves them here, for the next connection", async (answer) => {
  const { clock, late, channel, numbers, answers } = open();
  late.away();
  await clock.advanceAsync(6_000);
  late.back();
  answers(answer);
  await late.handOver(channel).catch(() => undefined);
  answers("taken");
  await late.handOver(channel);
  await late.handOver(channel);
  expect(numbers()).toEqual([[1, 2], [1, 2], []]);
});

test("a dashboard that does not say that it understands them is told nothing", async () => {
  const { clock, late, channel, told } = open();
  late.away();
  await clock.advanceAsync(6_000);
  late.back();
  await late.handOver({ ...channel, understands: () => false });
  expect(told).toEqual([]);
});

test("what was measured for one dashboard is not told to another", async () => {
  const { clock, late, channel, told, move } = open();
  late.away();
  await clock.advanceAsync(6_000);
  late.back();
  move("b.example.com:8008");
  await late.handOver(channel);
  expect(told).toEqual([[]]);
});

test("a sample that was not receipted takes its place among the others, and goes with them when the dashboard is another", async () => {
  const { clock, late, channel, numbers, keep, move } = open();
  const before = clock.monotonic();
  late.away();
  await clock.advanceAsync(3_000);
  keep(before, 40);
  late.back();
  await late.handOver(channel);
  move("b.example.com:8008");
  keep(clock.monotonic(), 41);
  await late.handOver(channel);
  expect(numbers()).toEqual([[40, 1], []]);
});

test("many are told in several messages, cut between points of the history, each with how many follow", async () => {
  const { clock, late, channel, told, remaining } = open({ sensors: 10 });
  late.away();
  await clock.advanceAsync(3_000_000);
  late.back();
  await late.handOver(channel);
  expect(told.length).toBeGreaterThan(1);
  const total = told.flat().length;
  let before = 0;
  expect(remaining).toEqual(told.map((states) => total - (before += states.length)));
  const points = told.map((states) => new Set(states.map(({ at }) => Math.floor(at / 30_000))));
  for (const [index, set] of points.entries()) for (const later of points.slice(index + 1)) expect(set.isDisjointFrom(later)).toBe(true);
  const uptimes = told.flat().map(({ state }) => Number(decodeState(state).uptime));
  expect(uptimes).toEqual(uptimes.toSorted((one, other) => one - other));
  for (const states of told) expect(states.reduce((sum, { state }) => sum + state.length, 0)).toBeLessThan(300 * 1024);
});
