import { expect, test } from "vitest";
import { blocksOf } from "./heat-cells.tsx";

const ids = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test("as long as nobody knows the columns there is a screen of cells", () => {
  expect(blocksOf(ids(7), undefined)).toEqual([ids(7)]);
  expect(blocksOf(ids(1000), undefined)).toEqual([ids(160)]);
});

test("blocks are whole rows, and hold everybody in order", () => {
  const blocks = blocksOf(ids(1000), 13);
  expect(blocks.flat()).toEqual(ids(1000));
  expect(blocks.slice(0, -1).every((block) => block.length % 13 === 0 && block.length < 160)).toBe(true);
});
