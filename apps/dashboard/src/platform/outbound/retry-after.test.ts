import { expect, test } from "vitest";
import { retryAfterHeader } from "./retry-after.ts";

const MINUTE = 60_000;

test.each([
  [undefined, undefined],
  ["120", 120_000],
  ["86400", 15 * MINUTE],
  ["Thu, 01 Jan 1970 00:01:00 GMT", 59_000],
  ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ["soon", undefined],
])("Retry-After %s", (value, expected) => {
  expect(retryAfterHeader(value, 1_000)).toBe(expected);
});
