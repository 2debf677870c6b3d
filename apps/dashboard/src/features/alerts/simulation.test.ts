import { expect, test } from "vitest";
import { simulate } from "./testing/simulation.ts";

/** How many and from where; `npm run simulate` gives more. */
const COUNT = Number(process.env["SIMULATE_COUNT"] ?? 8);
const FIRST = Number(process.env["SIMULATE_FIRST"] ?? 1);
/** Seeds that once found something. */
const FOUND = [5, 15, 44, 45, 55];

test.each([...FOUND, ...Array.from({ length: COUNT }, (_, index) => FIRST + index)])(
  "seed %i",
  async (seed) => {
    expect(await simulate(seed)).toEqual([]);
  },
  60_000,
);
