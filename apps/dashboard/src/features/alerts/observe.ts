import type { Clock } from "@windfire/kit";
import type { CycleWatch } from "./cycle-watch.ts";
import { step } from "./engine.ts";
import type { Observation } from "./engine.ts";
import { factsOf, NO_FACTS } from "./facts.ts";
import type { Snapshot } from "./measures.ts";
import { caughtUp, heardOf, isSteady } from "./steady.ts";
import type { Transitions } from "./transitions.ts";
import type { Watch, Watches } from "./watches.ts";

export interface ObserveDeps {
  readonly clock: Pick<Clock, "now">;
  readonly watches: Pick<Watches, "storedPhase">;
  readonly cycleWatch: Pick<CycleWatch, "figure">;
  readonly transitions: Pick<Transitions, "add">;
}

/** Takes one observation of a pair, and hands on what follows from it. `snapshot`: what a message may say of it. */
export type Observe = (watch: Watch, observation: Observation, snapshot?: Snapshot) => void;

/** See {@link Observe}. */
export function createObserve({ clock, watches, cycleWatch, transitions }: ObserveDeps): Observe {
  return (watch, observation, snapshot) => {
    const { watched, serverId } = watch;
    if (watch.pair && isSteady(watched, watch.pair, watch, observation)) {
      watch.heardAt = observation.at;
      watch.heardSeq = observation.seq ?? watch.heardSeq;
      return;
    }
    const pair = watch.pair && caughtUp(watch.pair, watch);
    const { id: ruleId, saves } = watched.rule;
    const stepped = step(watched, pair, observation, pair ? undefined : watches.storedPhase(ruleId, serverId));
    watch.pair = stepped.pair;
    Object.assign(watch, heardOf(watched, stepped.pair));
    for (const kind of stepped.effects) {
      if (kind !== "raise" && kind !== "clear") continue;
      const facts = snapshot ? factsOf(watched.rule, snapshot, (condition) => cycleWatch.figure(condition, serverId)) : NO_FACTS;
      transitions.add({ kind, ruleId, serverId, saves, at: clock.now(), facts });
    }
  };
}
