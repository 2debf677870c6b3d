import type { Allowance } from "#kernel";
import type { Queries } from "#platform/database";
import { coverageOf } from "./model.ts";
import type { PendingResults } from "./pending-results.ts";
import type { ResultPermits } from "./permits.ts";
import { resultStore } from "./result-store.ts";
import type { ResultRecord } from "./run-model.ts";
import type { Crons } from "./store.ts";

const DAY_MS = 86_400_000;

export interface RecallDeps {
  readonly queries: Queries;
  readonly now: () => number;
  readonly crons: Pick<Crons, "get">;
  readonly pending: Pick<PendingResults, "add" | "has">;
  readonly permits: Pick<ResultPermits, "reserve">;
  readonly allowance: Pick<Allowance, "add">;
}

/** Knows from the rows which commands were sent by others: by an earlier process, or by another one that runs. */
export function createRecall({ queries, now, crons, pending, permits, allowance }: RecallDeps) {
  const add = (open: ResultRecord): void => {
    pending.add({ ...open, cancelled: open.state === "cancelled", lost: open.state === "unknown", inherited: true });
    const cron = crons.get(open.cronId);
    // An agent that was sent a command by an earlier process may still answer.
    if (cron && coverageOf(cron)?.mode === "trigger") permits.reserve(cron.id, open.serverId, open.sentAt);
  };
  return {
    async all(): Promise<void> {
      for (const open of await resultStore.open(queries, { since: now() - DAY_MS })) add(open);
    },
    /** What a server was sent that nobody here knows of yet: it may answer here. */
    async of(serverId: number): Promise<void> {
      for (const open of await resultStore.open(queries, { since: now() - DAY_MS, serverId })) {
        if (pending.has(open)) continue;
        add(open);
        allowance.add(open.cronId, serverId);
      }
    },
  };
}
