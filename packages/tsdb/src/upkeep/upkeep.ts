import { createCompaction } from "./compaction.ts";
import { createGathering } from "./gathering.ts";
import { createHalving } from "./halving.ts";
import { createRewriting, type RewritingDeps } from "./rewriting.ts";
import { createRolling } from "./rolling.ts";

/** Rewrites sealed files: chunks into days, days into roll-ups, roll-ups into larger files. One call at a time. */
export interface Upkeep {
  /** Gathers the chunks of a day, and what its segment held before, in one segment. */
  compactDay(day: number): Promise<void>;
  /** Brings the half-hour points up to what the days' segments hold now. */
  halve(): Promise<void>;
  /** Replaces the points of a day by roll-ups. */
  rollDay(day: number): Promise<void>;
  /** Rolls up what came after the roll-up of its day, or what an interruption left. */
  finishRolling(): Promise<void>;
  /** Gathers roll-ups of single days where a stretch of days is complete. */
  gather(): Promise<void>;
}

export function createUpkeep(deps: RewritingDeps): Upkeep {
  const rewriting = createRewriting(deps);
  const rollDay = createRolling(deps, rewriting);
  return {
    compactDay: createCompaction(deps, rewriting),
    halve: createHalving(deps, rewriting),
    rollDay,
    finishRolling: async () => {
      for (const day of deps.catalog.halfRolledDays()) await rollDay(day);
    },
    gather: createGathering(deps, rewriting),
  };
}
