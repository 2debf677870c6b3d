import type { Agents } from "#kernel";
import type { LateWrites } from "#platform/database";
import type { PendingResults } from "./pending-results.ts";
import { resultStore } from "./result-store.ts";
import { runStore } from "./run-store.ts";

export interface LostAnswerDeps {
  readonly late: Pick<LateWrites, "write">;
  readonly now: () => number;
  readonly pending: Pick<PendingResults, "awaited" | "lose">;
  readonly agents: Pick<Agents, "where">;
  /** Looks up what other processes have sent a server; without it there are none. */
  readonly recall?: (serverId: number) => Promise<void>;
}

/** An agent has so long to come back after a start of the dashboard. */
const AWAY_MS = 15 * 60_000;

/**
 * Ends waiting for a server whose agent's connection ended or was replaced: agents never answer on another one (spec 21 section 3), whether
 * they were killed or only cut off. One that answers all the same is believed.
 */
export function createLostAnswers({ late, now, pending, agents, recall }: LostAnswerDeps) {
  const lose = async (serverId: number): Promise<void> => {
    if (recall) await recall(serverId);
    const runIds = new Set(pending.lose(serverId).map(({ runId }) => runId));
    if (runIds.size === 0) return;
    const at = now();
    await late.write(async (tx) => {
      for (const runId of runIds) {
        await resultStore.settle(tx, runId, "unknown", at, [serverId]);
        await runStore.recount(tx, runId, at);
      }
    });
  };
  return {
    lose,
    /** The same for servers whose agents were not there since the start. */
    async sweep(): Promise<void> {
      for (const serverId of pending.awaited(now() - AWAY_MS)) if ((await agents.where(serverId)) === "offline") await lose(serverId);
    },
  };
}
