import fc from "fast-check";
import { expect, test } from "vitest";
import { createBoundedCache } from "./bounded-cache.ts";

test("what was used last stays", () => {
  const cache = createBoundedCache<string, number>(2);
  cache.set("a", 1);
  cache.set("b", 2);
  expect(cache.get("a")).toBe(1);
  cache.set("c", 3);
  expect([cache.get("a"), cache.get("b"), cache.get("c"), cache.evicted]).toEqual([1, undefined, 3, 1]);
  cache.delete("a");
  expect([cache.get("a"), cache.size]).toEqual([undefined, 1]);
});

test("it never holds more than its limit, and always the entry set last", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat({ max: 9 })), (limit, keys) => {
      const cache = createBoundedCache<number, number>(limit);
      for (const key of keys) {
        cache.set(key, key);
        expect(cache.get(key)).toBe(key);
        expect(cache.size).toBeLessThanOrEqual(limit);
      }
    }),
  );
});
