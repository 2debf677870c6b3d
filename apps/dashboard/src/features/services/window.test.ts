import fc from "fast-check";
import { expect, test } from "vitest";
import { createProbeWindow } from "./window.ts";

const good = (delay: number) => ({ successful: true, delay });
const bad = { successful: false, delay: 0 };

test("in a step one success and one failure of each reporter count; the last success gives the delay", () => {
  const window = createProbeWindow();
  for (const [at, reporter, result] of [
    [0, 1, good(10)],
    [1, 1, bad],
    [2, 1, good(30)],
    [3, 1, bad],
    [29_999, 2, good(50)],
  ] as const)
    window.add(at, reporter, result);
  expect(window.counts()).toEqual({ up: 2, down: 1, delay: 40 });
  window.add(30_000, 1, good(10));
  expect(window.counts()).toEqual({ up: 3, down: 1, delay: 30 });
});

test("steps leave when they began more than a quarter of an hour ago; nothing is emptied at thirty", () => {
  const window = createProbeWindow();
  for (let step = 0; step < 100; step++) {
    window.add(step * 30_000, 1, step < 60 ? good(1) : bad);
    const { up, down } = window.counts();
    expect(up + down).toBe(Math.min(step + 1, 31));
  }
  window.add(10 * 3_600_000, 1, good(7));
  expect(window.counts()).toEqual({ up: 1, down: 0, delay: 7 });
});

test("a clock that is set back empties the window first", () => {
  const window = createProbeWindow();
  window.add(3_600_000, 1, bad);
  window.add(0, 1, good(5));
  expect(window.counts()).toEqual({ up: 1, down: 0, delay: 5 });
});

test("the sums are those of counting anew", () => {
  const result = fc.record({
    gap: fc.nat(120_000),
    reporter: fc.integer({ min: 1, max: 3 }),
    successful: fc.boolean(),
    delay: fc.integer({ min: 1, max: 500 }),
  });
  fc.assert(
    fc.property(fc.array(result, { maxLength: 200 }), (results) => {
      const window = createProbeWindow();
      const all: { at: number; reporter: number; successful: boolean; delay: number }[] = [];
      let at = 0;
      for (const { gap, ...rest } of results) {
        at += gap;
        all.push({ at, ...rest });
        window.add(at, rest.reporter, rest);
        const inside = all.filter((one) => Math.floor(one.at / 30_000) * 30_000 >= at - 900_000);
        const keyOf = (one: (typeof all)[number]) => `${Math.floor(one.at / 30_000)} ${one.reporter}`;
        const ups = new Map(inside.filter((one) => one.successful).map((one) => [keyOf(one), one.delay]));
        const downs = new Set(inside.filter((one) => !one.successful).map(keyOf));
        expect(window.counts()).toMatchObject({ up: ups.size, down: downs.size });
        const mean = ups.size === 0 ? 0 : [...ups.values()].reduce((sum, delay) => sum + delay, 0) / ups.size;
        expect(window.counts().delay).toBeCloseTo(mean, 6);
      }
    }),
  );
});

test("a window that was kept goes on as if there had been no restart", () => {
  const result = fc.record({ successful: fc.boolean(), delay: fc.integer({ min: 1, max: 100 }) });
  const said = fc.array(fc.record({ step: fc.integer({ min: 0, max: 40 }), reporter: fc.integer({ min: 1, max: 3 }), result }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(said, fc.nat(40), (list, cut) => {
      const ordered = list.toSorted((a, b) => a.step - b.step);
      const whole = createProbeWindow();
      let kept = createProbeWindow();
      // The step that was running may be counted apart: the cut lies between two.
      for (const { step, reporter, result: one } of ordered.filter((entry) => entry.step < cut)) {
        whole.add(step * 30_000, reporter, one);
        kept.add(step * 30_000, reporter, one);
      }
      kept = createProbeWindow(JSON.parse(JSON.stringify(kept.snapshot())) as ReturnType<typeof kept.snapshot>);
      for (const { step, reporter, result: one } of ordered.filter((entry) => entry.step >= cut)) {
        whole.add(step * 30_000, reporter, one);
        kept.add(step * 30_000, reporter, one);
      }
      expect(kept.counts()).toEqual(whole.counts());
    }),
  );
});
