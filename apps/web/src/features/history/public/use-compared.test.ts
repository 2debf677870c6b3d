import { expect, test } from "vitest";
import { readCompared } from "./use-compared.ts";

test.each([
  [undefined, []],
  ["2,3", [2, 3]],
  ["2,2,1,x,-4,0", [2]],
  ["2,3,4,5", [2, 3, 4]],
])("%j beside server 1: %j", (text, ids) => {
  expect(readCompared(text, 1)).toEqual(ids);
});
