import { expect, test } from "vitest";
import { periodOf, readZoom, windowOf, writeZoom } from "./ranges.ts";

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
