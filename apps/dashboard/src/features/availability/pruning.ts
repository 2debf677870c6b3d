import type { Database } from "#platform/database";
import type { Monitor } from "./monitor.ts";
import { presenceStore } from "./store.ts";

/** Longer than what is asked for. */
const KEPT_MS = 100 * 86_400_000;
/** Turns of one server, and runs of the dashboard. */
const MOST = 5_000;

export interface PruningDeps {
  readonly database: Pick<Database, "transaction">;
  readonly now: () => number;
  readonly serverIds: () => readonly number[];
  readonly monitor: Pick<Monitor, "gone" | "forget">;
}

/** Deletes what nobody asks for any more. */
export function createPruning({ database, now, serverIds, monitor }: PruningDeps) {
  return async (): Promise<void> => {
    // A server may be deleted while its turn is on the way to the table.
    const gone = monitor.gone();
    if (gone.length > 0) await database.transaction((tx) => presenceStore.delete(tx, gone));
    monitor.forget(gone);
    const which = { before: now() - KEPT_MS, kept: MOST };
    for (const id of serverIds()) await database.transaction((tx) => presenceStore.prune(tx, id, which));
    await database.transaction((tx) => presenceStore.pruneRuns(tx, which));
  };
}
