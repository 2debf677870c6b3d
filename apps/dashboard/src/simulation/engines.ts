import { randomOf } from "./random.ts";

/**
 * What takes part in a run besides the alerts of one owner with one channel:
 * - `owners`: three owners, four channels, rules of each.
 * - `services`, `crons`, `names`: services that are probed, commands that run on servers, records that follow addresses.
 * - `refusals`: calls of the database that fail once, which the process survives.
 * - `stops`: processes that end in order.
 */
export const ENGINES = ["owners", "services", "crons", "names", "refusals", "stops"] as const;
export type Engines = Readonly<Record<(typeof ENGINES)[number], boolean>>;

/** Alerts alone. */
export const NO_MORE: Engines = { owners: false, services: false, crons: false, names: false, refusals: false, stops: false };

/** Each in about half of the seeds: a run with all of them costs the most. */
export function enginesOf(seed: number): Engines {
  const random = randomOf(seed * 7 + 3);
  return {
    owners: random(3) === 0,
    services: random(5) < 2,
    crons: random(5) < 2,
    names: random(3) === 0,
    refusals: random(2) === 0,
    stops: random(2) === 0,
  };
}
