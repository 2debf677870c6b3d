import { randomOf } from "./random.ts";

/**
 * What takes part in a run besides the alerts of one owner with one channel:
 * - `owners`: three owners, four channels, rules of each.
 * - `services`, `crons`, `names`: services that are probed, commands that run on servers, records that follow addresses.
 * - `silences`: snoozes and maintenance windows that come and go.
 * - `moves`: a server that changes hands, to one of the other owners.
 * - `refusals`: calls of the database that fail once, which the process survives.
 * - `stops`: processes that end in order.
 */
export type Engine = "owners" | "services" | "crons" | "names" | "silences" | "moves" | "refusals" | "stops";
export type Engines = Readonly<Record<Engine, boolean>>;

/** Alerts alone. */
export const NO_MORE: Engines = {
  owners: false,
  services: false,
  crons: false,
  names: false,
  silences: false,
  moves: false,
  refusals: false,
  stops: false,
};

/** Each in so many of the seeds that a run is cheap and every pair of them meets often. */
export function enginesOf(seed: number): Engines {
  const random = randomOf(seed * 7 + 3);
  const isIn = (one: number, of: number): boolean => random(of) < one;
  const first = { owners: isIn(1, 4), services: isIn(1, 3), crons: isIn(1, 3), names: isIn(1, 4), refusals: isIn(1, 2), stops: isIn(1, 3) };
  // Drawn after the others: what takes part in a seed stays what it was.
  const [silences, moves] = [isIn(1, 3), isIn(1, 2)];
  return { ...first, silences, moves: moves && first.owners };
}
