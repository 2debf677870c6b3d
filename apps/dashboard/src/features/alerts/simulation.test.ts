import { expect, test } from "vitest";
import { simulate } from "./testing/simulation.ts";

/** A few of them; `npm run simulate` plays more. */
const COUNT = 8;
/** Seeds that once found something. */
const FOUND = [5, 15, 44, 45, 55];

test.each([...FOUND, ...Array.from({ length: COUNT }, (_, index) => index + 1)])(
  "seed %i",
  async (seed) => {
    expect(await simulate(seed)).toEqual([]);
  },
  60_000,
);
