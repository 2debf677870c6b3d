import fc from "fast-check";
import { expect, test } from "vitest";
import { createRing, RING_FIELDS } from "./ring.ts";
import type { Reading } from "./ring.ts";

const reading = (value: number): Reading => Object.fromEntries(RING_FIELDS.map((field, i) => [field, value + i])) as Reading;

test("a ring keeps the newest readings in order, whatever its size", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(500), (limit, count) => {
      const ring = createRing(limit);
      for (let i = 0; i < count; i += 1) ring.push(i, reading(i));
      const kept = Array.from({ length: Math.min(limit, count) }, (_, i) => count - Math.min(limit, count) + i);
      expect(ring.length).toBe(kept.length);
      expect(ring.times()).toEqual(kept);
      expect(ring.values("memory")).toEqual(kept.map((i) => i + 1));
    }),
  );
});

test("the mean is over the newest values", () => {
  const ring = createRing(10);
  expect(ring.mean("cpu", 3)).toBeUndefined();
  for (const value of [100, 1, 2, 3]) ring.push(0, reading(value));
  expect(ring.mean("cpu", 3)).toBe(2);
  expect(ring.mean("cpu", 99)).toBe(26.5);
});
