import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { OpenIncidents } from "#features/incidents";
import type { Pair } from "./engine.ts";
import { caughtUp } from "./steady.ts";
import type { Heard } from "./steady.ts";

/** Servers looked at before others get their turn: reports come in meanwhile. */
const SERVERS_AT_ONCE = 100;

/** One rule on one server, as far as it is put right. */
interface Watched extends Heard {
  pair: Pair | undefined;
  steadyUntil: number;
}

/** The rules that speak of a server, and when they were asked for. */
interface Listed {
  listedAt: number;
  readonly byRule: ReadonlyMap<number, Watched>;
}

export interface HealingDeps {
  readonly servers: ReadonlyMap<number, Listed>;
  readonly open: Pick<OpenIncidents, "list">;
  /** The phase that is written of a pair. */
  readonly storedPhase: (ruleId: number, serverId: number) => Pair["phase"];
}

/** What a pair says is still being written. */
export type IsUnderWay = (ruleId: number, serverId: number) => boolean;

/**
 * Gives pairs whose phase is not what is written the one that is, and lets the next observation judge them, if their rule still speaks of the
 * server.
 */
export function createHealing({ servers, open, storedPhase }: HealingDeps): (isUnderWay: IsUnderWay) => Promise<void> {
  const heal = (listed: Listed, [ruleId, serverId]: readonly [number, number], isUnderWay: IsUnderWay): void => {
    const watch = listed.byRule.get(ruleId);
    const phase = storedPhase(ruleId, serverId);
    if (!watch?.pair || (watch.pair.phase === "failed") === (phase === "failed") || isUnderWay(ruleId, serverId)) return;
    watch.pair = { ...caughtUp(watch.pair, watch), phase };
    watch.steadyUntil = Number.NEGATIVE_INFINITY;
    listed.listedAt = Number.NEGATIVE_INFINITY;
  };
  return async (isUnderWay) => {
    let looked = 0;
    for (const [serverId, listed] of servers) {
      if (++looked % SERVERS_AT_ONCE === 0) await yieldToOthers();
      for (const [ruleId, { pair }] of listed.byRule) if (pair?.phase === "failed") heal(listed, [ruleId, serverId], isUnderWay);
    }
    for (const { source, sourceId, serverId } of open.list()) {
      const listed = source === "alert" ? servers.get(serverId) : undefined;
      if (listed && listed.byRule.get(sourceId)?.pair?.phase !== "failed") heal(listed, [sourceId, serverId], isUnderWay);
    }
  };
}
