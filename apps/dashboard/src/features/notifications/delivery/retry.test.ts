import { expect, test } from "vitest";
import { retryAfter } from "./retry.ts";

const MINUTE = 60_000;

/** Spec 30 section 3.7. */
test.each([
  [1, 0, 30_000],
  [10, 0, 30_000],
  [11, 0, MINUTE],
  [12, 0, 2 * MINUTE],
  [14, 0, 8 * MINUTE],
  [15, 0, 15 * MINUTE],
  [500, 0, 15 * MINUTE],
  [1, 24 * 60 * MINUTE - 1, 30_000],
  [1, 24 * 60 * MINUTE, undefined],
])("after %i tries and %i ms: %s", (attempts, age, wait) => {
  expect(retryAfter(attempts, age)).toBe(wait);
});
