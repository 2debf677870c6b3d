import { BEGIN } from "../../filled-database.ts";
import type { Played } from "../../played.ts";
import { Silences } from "../../silences.ts";
import type { Replica } from "../replica.ts";
import type { World } from "../world.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** A run of several replicas as one of them alone would have been: each change of judges is a crash. */
export function playedBy(world: World, judge: Replica): Played {
  const { agents, cast, channels, clock, commands, engines, names, outage, troubles, writes } = world;
  const ofDatabase = troubles.all.filter(({ kind }) => kind === "is refused a call" || kind === "is cut off the database");
  return {
    agents: { addresses: agents.addresses, commands },
    begun: BEGIN,
    cast,
    channels,
    clock,
    engines,
    fate: {
      deaths: Math.max(0, ...writes.map(({ fence }) => fence)),
      disturbed: troubles.all.map(({ from }) => from),
      refusals: ofDatabase.length,
      wasDisturbed: (from, to) => troubles.were(from, to),
    },
    move: { begun: NEVER, done: NEVER },
    names,
    now: judge,
    outage,
    silences: new Silences(),
    secondsAt: (time) => world.secondsAt(time),
  };
}
