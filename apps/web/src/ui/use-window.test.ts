import fc from "fast-check";
import { expect, test } from "vitest";
import { rowWindow } from "./use-window.ts";

test("every visible row is in the window, and the window is small", () => {
  fc.assert(
    fc.property(fc.integer({ min: -2000, max: 60_000 }), fc.integer({ min: 100, max: 2000 }), fc.nat(1500), (scrolled, height, count) => {
      const { first, end } = rowWindow(scrolled, height, count, 40);
      const firstSeen = Math.max(0, Math.floor(scrolled / 40));
      const lastSeen = Math.min(count - 1, Math.ceil((scrolled + height) / 40) - 1);
      if (firstSeen <= lastSeen) {
        expect(first).toBeLessThanOrEqual(firstSeen);
        expect(end).toBeGreaterThan(lastSeen);
      }
      expect(first).toBeLessThanOrEqual(end);
      expect(end - first).toBeLessThanOrEqual(height / 40 + 40);
    }),
  );
});
