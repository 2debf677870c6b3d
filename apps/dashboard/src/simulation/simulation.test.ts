import { expect, test } from "vitest";
import { enginesOf, NO_MORE } from "./engines.ts";
import type { Engine } from "./engines.ts";
import { simulate } from "./simulation.ts";

/** A few of them; `npm run simulate` plays more. */
const COUNT = 8;
/** Seeds that once found something, with what took part besides alerts. */
const FOUND: readonly (readonly [seeds: readonly number[], engines: readonly Engine[]])[] = [
  [[5, 15, 44, 45, 55, 275, 392, 513], []],
  // A state of a service that was written over a later one; answers that were refused after a restart.
  [[4, 5, 14], ["services"]],
  // A run that was due in the moment of a crash.
  [[103], ["crons"]],
  // An incident that a parent held, told to the former owner of a server that had just been handed over.
  [[161], ["owners", "moves", "crons"]],
  // Incidents that were to be told in a time in which no process ran, and were over before one did.
  [[3782], ["silences", "refusals", "stops"]],
  [[3790], ["silences"]],
  // An answer to a command of an earlier process, whose run could not be written, taken for that of the next run.
  [[8156], []],
  // What these found when the product was broken on purpose.
  [
    [54, 58],
    ["services", "silences"],
  ],
  [
    [21, 47],
    ["owners", "moves"],
  ],
];

test.each(FOUND.flatMap(([seeds, engines]) => seeds.map((seed) => ({ seed, engines }))))(
  "seed $seed with $engines",
  async ({ seed, engines }) => {
    expect(await simulate(seed, { ...NO_MORE, ...Object.fromEntries(engines.map((engine) => [engine, true])) })).toEqual([]);
  },
  60_000,
);

test.each(Array.from({ length: COUNT }, (_, index) => index + 1))(
  "seed %i",
  async (seed) => {
    expect(await simulate(seed, enginesOf(seed))).toEqual([]);
  },
  60_000,
);
