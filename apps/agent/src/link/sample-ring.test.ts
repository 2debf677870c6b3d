import fc from "fast-check";
import { expect, test } from "vitest";
import { createSampleRing } from "./sample-ring.ts";

const HOUR_MS = 3_600_000;
const sample = (at: number, length = 100) => ({ at, state: new Uint8Array(length) });

test("what is older than an hour goes", () => {
  const ring = createSampleRing();
  for (const at of [0, 1_000, HOUR_MS, HOUR_MS + 1_000]) ring.add(sample(at));
  expect(ring.samples().map(({ at }) => at)).toEqual([1_000, HOUR_MS, HOUR_MS + 1_000]);
});

test("however large and frequent, the newest are kept, in order, within the bound of bytes", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ pause: fc.nat(60_000), length: fc.nat(20_000) }), { maxLength: 300 }), (steps) => {
      const ring = createSampleRing();
      let at = 0;
      const all = steps.map(({ pause, length }) => sample((at += pause), length));
      for (const one of all) ring.add(one);
      expect(ring.bytes).toBeLessThanOrEqual(512 * 1024);
      expect(ring.bytes).toBe(ring.samples().reduce((sum, { state }) => sum + state.length + 128, 0));
      expect(ring.samples()).toEqual(all.slice(all.length - ring.size));
      const next = all[all.length - ring.size - 1];
      if (next !== undefined) expect(ring.bytes + next.state.length + 128 > 512 * 1024 || at - next.at > HOUR_MS).toBe(true);
    }),
  );
});

test("what was told goes, what came meanwhile stays", () => {
  const ring = createSampleRing();
  ring.add(sample(1));
  ring.add(sample(2));
  const told = [...ring.samples()];
  ring.add(sample(3));
  ring.remove(told);
  expect(ring.samples().map(({ at }) => at)).toEqual([3]);
  expect(ring.bytes).toBe(228);
  ring.clear();
  expect([ring.size, ring.bytes]).toEqual([0, 0]);
});
