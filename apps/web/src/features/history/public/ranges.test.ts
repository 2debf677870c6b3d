import { expect, test } from "vitest";
import { firstOf, fitted, coveringRange, periodOf, readZoom, windowOf, writeZoom } from "./ranges.ts";

test.each([
  ["live", undefined],
  ["1h", "1d"],
  ["24h", "1d"],
  ["7d", "7d"],
  ["30d", "30d"],
] as const)("%s is asked as %s", (range, period) => {
  expect(periodOf(range)).toBe(period);
});

test("a range ends now", () => {
  expect(windowOf("24h", 86_400_000 * 2)).toEqual({ from: 86_400_000, to: 86_400_000 * 2 });
});

test.each([undefined, "", "1-2", "1760000000000", "1760000000000-1750000000000", "a-b"])("%s is no zoom", (text) => {
  expect(readZoom(text)).toBeUndefined();
});

test("a zoom survives the address", () => {
  const window = { from: 1_760_000_000_000, to: 1_760_000_100_000 };
  expect(readZoom(writeZoom(window))).toEqual(window);
  expect(writeZoom(undefined)).toBe("");
});

const HOUR_MS = 3_600_000;
test.each([
  [2, 1, "24h"],
  [0.5, 0, "1h"],
  [48, 24, "7d"],
  [24 * 20, 0, "30d"],
  [24 * 40, 0, undefined],
  [1, 2, undefined],
  [Number.NaN, 0, undefined],
] as const)("from %s to %s hours ago is in %s", (from, to, range) => {
  const now = 1_800_000_000_000;
  const window = { from: now - from * HOUR_MS, to: now - to * HOUR_MS };
  expect(coveringRange(window, ["live", "1h", "24h", "7d", "30d"], now)).toBe(range);
});

test("a range that is locked holds nothing", () => {
  expect(coveringRange({ from: 1, to: 2 }, ["1h", "24h"], 3 * 24 * HOUR_MS)).toBeUndefined();
});

test.each([
  ["nothing", undefined, 0],
  ["a point in the earlier half", 499, 0],
  ["a point in the later half", 800, 790],
])("a window of a thousand minutes with %s begins at minute %d", (_what, first, from) => {
  const minute = 60_000;
  const window = { from: 0, to: 1000 * minute };
  expect(fitted(window, first === undefined ? undefined : first * minute)).toEqual({ from: from * minute, to: window.to });
});

test("the first minute of a server is drawn over five", () => {
  const minute = 60_000;
  expect(fitted({ from: 0, to: 1000 * minute }, 999 * minute)).toEqual({ from: 995 * minute, to: 1000 * minute });
  expect(firstOf([[], [{ at: 7 }, { at: 9 }], [{ at: 5 }]])).toBe(5);
  expect(firstOf([[], []])).toBeUndefined();
});
