import { expect, test } from "vitest";
import { blocksOf } from "./heat-cells.tsx";

const ids = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test("a small group is one block, however wide the screen", () => {
  expect(blocksOf(ids(160), undefined)).toEqual([ids(160)]);
  expect(blocksOf(ids(160), 13)).toEqual([ids(160)]);
});

test("a large one is a screen of cells until the columns are known, then blocks of whole rows that hold everybody in order", () => {
  expect(blocksOf(ids(1000), undefined)).toEqual([ids(160)]);
  const blocks = blocksOf(ids(1000), 13);
  expect(blocks.flat()).toEqual(ids(1000));
  expect(blocks.slice(0, -1).every((block) => block.length % 13 === 0 && block.length < 160)).toBe(true);
});
