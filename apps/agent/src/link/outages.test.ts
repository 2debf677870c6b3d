import { decodeState, STATUS } from "@windfire/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startFakeDashboard } from "../testing/fake-dashboard.ts";
import type { FakeDashboard } from "../testing/fake-dashboard.ts";
import { startRelay } from "../testing/relay.ts";
import type { Relay } from "../testing/relay.ts";
import { createTestAgent } from "../testing/test-agent.ts";
import type { TestAgent } from "../testing/test-agent.ts";

let dashboard: FakeDashboard;
let relay: Relay;
let agent: TestAgent;
beforeEach(async () => {
  await begin();
});
afterEach(async () => {
  await end();
});

async function begin(): Promise<void> {
  dashboard = await startFakeDashboard();
  dashboard.features = "rights, late-states";
  relay = await startRelay(dashboard.address);
  agent = createTestAgent({ server: relay.address, config: { report_delay: 1 } });
}

async function end(): Promise<void> {
  await agent.stop();
  await relay.close();
  await dashboard.close();
}

/** Lets time pass until something is so, or so many steps have not brought it. */
async function passes(isSo: () => boolean, steps = 400): Promise<void> {
  for (let step = 0; step < steps && !isSo(); step++) {
    await agent.clock.advanceAsync(250);
    for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => void setImmediate(resolve));
  }
}

const heard = (kind: string) => dashboard.heard.filter((one) => one.kind === kind);
/** Numbers of the samples that came late. */
const late = (): number[] =>
  heard("LateStates").flatMap((one) =>
    one.kind === "LateStates" ? one.message.states.map(({ state }) => Number(decodeState(state).uptime)) : [],
  );
const live = (): number[] => heard("State").flatMap((one) => (one.kind === "State" ? [Number(one.message.uptime)] : []));
const losses = (): number => agent.log.filter((line) => line.includes("disconnected")).length;
const missing = (count: number): number[] => {
  const known = new Set([...late(), ...live()]);
  return Array.from({ length: count }, (_, index) => index + 1).filter((number) => !known.has(number));
};

test("what was measured while the dashboard was gone is told when it is back, beside what is now", async () => {
  agent.link.start();
  await passes(() => live().length >= 2);
  dashboard.refusal = { code: STATUS.unavailable, message: "away" };
  dashboard.cut();
  const before = agent.samples();
  await passes(() => agent.samples() >= before + 3);
  dashboard.refusal = undefined;
  await passes(() => late().length > 0 && live().length > 4);
  expect(late().length).toBeGreaterThanOrEqual(3);
  expect(missing(live().at(-1) ?? 0)).toEqual([]);
});

/** Bytes that the first five samples take, with all that goes before them. */
const LENGTHS = { up: 1_500, down: 700 };

test.each<["up" | "down", number]>([
  ["up", 7],
  ["down", 5],
])(
  "wherever a connection is cut on the way %s, no sample is lost",
  async (way, stride) => {
    const lost: string[] = [];
    for (let bytes = 0; bytes < LENGTHS[way]; bytes += stride) {
      relay.cutAfter = { way, bytes };
      agent.link.start();
      await passes(() => losses() > 0);
      relay.cutAfter = undefined;
      const handedOver = heard("LateStates").length;
      await passes(() => heard("LateStates").length > handedOver && live().length > 0);
      const count = agent.samples();
      await passes(() => missing(count).length === 0);
      if (losses() === 0 || missing(count).length > 0) lost.push(`${bytes} bytes: ${losses()} losses, lacks ${missing(count).join(", ")}`);
      await end();
      await begin();
    }
    expect(lost).toEqual([]);
  },
  60_000,
);
