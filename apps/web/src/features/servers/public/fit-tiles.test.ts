import fc from "fast-check";
import { expect, test } from "vitest";
import { fitTiles } from "./fit-tiles.ts";

test("whatever the fleet and the screen, all tiles are in the box", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1500 }),
      fc.integer({ min: 300, max: 4000 }),
      fc.integer({ min: 300, max: 2500 }),
      (count, width, height) => {
        const fit = fitTiles(count, { width, height });
        const rows = Math.ceil(count / fit.columns);
        expect(fit.columns * fit.width + 4 * (fit.columns - 1)).toBeLessThanOrEqual(width + 0.001);
        expect(rows * fit.height + 4 * (rows - 1)).toBeLessThanOrEqual(height + 0.001);
        expect(Math.min(fit.width, fit.height)).toBeGreaterThan(0);
      },
    ),
  );
});

test.each([
  [1, 1],
  [4, 2],
  [40, 6],
])("%i tiles on a wide screen stand in %i columns", (count, columns) => {
  expect(fitTiles(count, { width: 1800, height: 900 }).columns).toBe(columns);
});
