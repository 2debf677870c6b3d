import type { Incident } from "#features/incidents";
import type { Pair } from "./engine.ts";
import { caughtUp } from "./steady.ts";
import type { Heard } from "./steady.ts";

/** One rule on one server, as far as it is put right. */
interface Watched extends Heard {
  pair: Pair | undefined;
  steadyUntil: number;
}

type Pairs = Iterable<readonly [serverId: number, { readonly byRule: ReadonlyMap<number, Watched> }]>;

/**
 * Gives pairs whose phase is not what is written the one that is, and lets the next observation judge them; ids of their servers. `open`: the
 * incidents that last. `isUnderWay`: what a pair says is still being written.
 */
export function healPairs(
  pairs: Pairs,
  open: readonly Incident[],
  isUnderWay: (ruleId: number, serverId: number) => boolean,
): ReadonlySet<number> {
  const failing = failingPairs(open);
  const healed = new Set<number>();
  for (const [serverId, { byRule }] of pairs) {
    const written = failing.get(serverId);
    for (const [ruleId, watch] of byRule) {
      const phase: Pair["phase"] = written?.has(ruleId) === true ? "failed" : "none";
      if (watch.pair === undefined || (watch.pair.phase === "failed") === (phase === "failed") || isUnderWay(ruleId, serverId)) continue;
      watch.pair = { ...caughtUp(watch.pair, watch), phase };
      watch.steadyUntil = Number.NEGATIVE_INFINITY;
      healed.add(serverId);
    }
  }
  return healed;
}

/** Rules with incidents that last, by server. */
function failingPairs(open: readonly Incident[]): ReadonlyMap<number, ReadonlySet<number>> {
  const failing = new Map<number, Set<number>>();
  for (const { source, sourceId, serverId } of open) {
    if (source !== "alert") continue;
    failing.set(serverId, (failing.get(serverId) ?? new Set()).add(sourceId));
  }
  return failing;
}
