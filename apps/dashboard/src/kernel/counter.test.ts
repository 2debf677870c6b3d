import { expect, test } from "vitest";
import { jsonCounter } from "./counter.ts";

test("a counter keeps its digits in JSON", () => {
  expect(JSON.stringify([0, 9_007_199_254_740_991, 9_007_199_254_740_993n, 18_446_744_073_709_551_615n].map(jsonCounter))).toBe(
    "[0,9007199254740991,9007199254740993,18446744073709551615]",
  );
});
