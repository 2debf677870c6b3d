import { expect, test } from "vitest";
import { enginesOf, NO_MORE } from "./engines.ts";
import { simulate } from "./simulation.ts";

/** A few of them; `npm run simulate` plays more. */
const COUNT = 8;
/** Seeds that once found something: with alerts alone, and with what takes part in them now. */
const FOUND_IN_ALERTS = [5, 15, 44, 45, 55, 275, 392, 513];
const FOUND = [1030];
const FIRST = Array.from({ length: COUNT }, (_, index) => index + 1);

test.each([
  ...FOUND_IN_ALERTS.map((seed) => ({ seed, engines: NO_MORE })),
  ...[...FOUND, ...FIRST].map((seed) => ({ seed, engines: enginesOf(seed) })),
])(
  "seed $seed",
  async ({ seed, engines }) => {
    expect(await simulate(seed, engines)).toEqual([]);
  },
  60_000,
);
