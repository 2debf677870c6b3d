import { expect, test } from "vitest";
import { bannedUntil } from "./ban-time.ts";

test.each([
  [[1], 3],
  [[2], 16],
  [[4], 256],
  [[1, 3], 256],
  [[10], 10_000],
])("tries %j keep an address out for %d s", (counts, seconds) => {
  const rows = counts.map((count, i) => ({ block_timestamp: 1000 - i, count }));
  expect(bannedUntil(rows)).toBe((1000 + seconds) * 1000);
});

test("a block by hand is for ever", () => {
  expect(bannedUntil([{ block_timestamp: 1000, count: 99_999 }])).toBe(Infinity);
});
