import type { LocalAgents } from "#features/fleet";
import type { Replicas } from "./room.ts";

/** A dashboard that is alone: all agents are here, and nobody hears of them. */
export function createLoneReplicas(agents: LocalAgents, cut: Replicas["cut"]): Replicas {
  return {
    agents,
    cut,
    others: undefined,
    streamsElsewhere: { total: () => 0, ofUser: () => 0 },
    viewersElsewhere: { count: () => 0, list: () => Promise.resolve([]) },
    peers: () => [],
    spread: () => Promise.resolve(),
    isJudgedHere: () => true,
    isAskedHere: () => true,
    isKeptHere: () => true,
    isKeptElsewhere: () => false,
    isUnheard: () => false,
    hearsAll: () => true,
    neighbours: { unheard: 0, differing: [] },
    start: () => undefined,
    leave: () => undefined,
    stop: () => undefined,
  };
}
