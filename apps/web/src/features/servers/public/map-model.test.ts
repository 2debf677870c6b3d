import fc from "fast-check";
import { expect, test } from "vitest";
import type { LiveRecord } from "#wire/live-record.ts";
import { movedMap, serversByCountry, shownMap, wholeMap } from "./map-model.ts";

const SIZE = [1000, 470] as const;
const record = (country: string, condition: string) => ({ country, condition }) as LiveRecord;

test("a country is as its worst server, the worst come first and the unknown last", () => {
  const records = [
    record("", "offline"),
    record("de", "up"),
    record("jp", "up"),
    record("jp", "up"),
    record("de", "critical"),
    record("fr", "up"),
  ];
  expect(serversByCountry(records)).toEqual([
    { code: "de", count: 2, worst: "critical" },
    { code: "jp", count: 2, worst: "up" },
    { code: "fr", count: 1, worst: "up" },
    { code: "", count: 1, worst: "offline" },
  ]);
});

test("whatever is asked for, the window stays on the map", () => {
  const change = fc.record(
    {
      x: fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      y: fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      zoom: fc.double({ noNaN: true, min: 0, max: 100 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      let window = wholeMap(SIZE);
      for (const next of changes) window = movedMap(window, next, SIZE);
      const { left, top, width, height } = shownMap(window, SIZE);
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(-1e-6);
      expect(left + width).toBeLessThanOrEqual(SIZE[0] + 1e-6);
      expect(top + height).toBeLessThanOrEqual(SIZE[1] + 1e-6);
    }),
  );
});
