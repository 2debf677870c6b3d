import { encodeState } from "@windfire/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testState } from "../testing/test-agent.ts";
import { createSampleRing } from "./sample-ring.ts";

const HOUR_MS = 3_600_000;
const MOST_BYTES = 1024 * 1024;
const HEAD_BYTES = 12;
const sample = (at: number, length = 100) => ({ at, state: new Uint8Array(length).fill(at % 251) });
const times = (ring: ReturnType<typeof createSampleRing>): number[] => Array.from(ring.samples(), ({ at }) => at);

test("what is older than an hour goes", () => {
  const ring = createSampleRing();
  for (const at of [0, 1_000, HOUR_MS, HOUR_MS + 1_000]) ring.add(sample(at));
  expect(times(ring)).toEqual([1_000, HOUR_MS, HOUR_MS + 1_000]);
});

test("an hour of one sample a second has room, with six sensors too", () => {
  const sensors = Array.from({ length: 6 }, (_, index) => ({ name: `coretemp_${index}`, temperature: 40 }));
  const state = encodeState({
    ...testState(86_400 * 300),
    memUsed: 2 ** 38,
    netInTransfer: 2 ** 45,
    temperatures: sensors,
    load5: 0.1,
    load15: 0.1,
  });
  const ring = createSampleRing();
  for (let second = 0; second < 4_000; second++) ring.add({ at: 1_000 * second, state });
  expect(state.length).toBeGreaterThan(200);
  expect(ring.size).toBe(3_601);
  expect(ring.bytes).toBeLessThanOrEqual(MOST_BYTES);
});

test("however large, frequent and late, the newest are kept, in order, whole, within the bound of bytes", () => {
  const step = fc.record({ pause: fc.integer({ min: -20_000, max: 60_000 }), length: fc.nat(40_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const ring = createSampleRing();
      const all: ReturnType<typeof sample>[] = [];
      let at = 1e6;
      for (const { pause, length } of steps) {
        const one = sample(Math.max(0, (at += pause)), length);
        ring.add(one);
        all.splice(all.findLastIndex((other) => other.at <= one.at) + 1, 0, one);
        while ((all.at(-1)?.at ?? 0) - (all[0]?.at ?? 0) > HOUR_MS) all.shift();
        while (all.reduce((sum, { state }) => sum + state.length + HEAD_BYTES, 0) > MOST_BYTES) all.shift();
        expect(ring.bytes).toBeLessThanOrEqual(MOST_BYTES);
      }
      expect(ring.size).toBe(all.length);
      expect(Array.from(ring.samples(), (kept) => ({ at: kept.at, state: Uint8Array.from(kept.state) }))).toEqual(all);
    }),
  );
});

test("what was told goes, what came meanwhile stays; when all is gone, so is the memory", () => {
  const ring = createSampleRing();
  for (const at of [1, 2, 3]) ring.add(sample(at));
  ring.removeUpTo(2);
  expect([times(ring), ring.size]).toEqual([[3], 1]);
  ring.removeUpTo(3);
  expect([ring.size, ring.bytes]).toEqual([0, 0]);
  ring.add(sample(2));
  expect(times(ring)).toEqual([2]);
  ring.clear();
  expect([ring.size, ring.bytes]).toEqual([0, 0]);
});

test("a sample larger than all the room there is leaves the others alone", () => {
  const ring = createSampleRing();
  ring.add(sample(1));
  ring.add(sample(2, MOST_BYTES));
  expect(times(ring)).toEqual([1]);
});
