import { expect, test } from "vitest";
import { keepOrder } from "./use-held-order.ts";

test.each([
  [
    [1, 2, 3],
    [3, 2, 1],
    [1, 2, 3],
  ],
  [
    [1, 2, 3],
    [3, 1],
    [1, 3],
  ],
  [
    [1, 2],
    [9, 2, 1],
    [1, 2, 9],
  ],
  [[], [2, 1], [2, 1]],
])("%j held against %j is %j", (before, wanted, expected) => {
  expect(keepOrder(before, wanted)).toEqual(expected);
});
