import type { Database } from "#platform/database";
import { presenceStore } from "./store.ts";

/** Longer than what is asked for. */
const KEPT_MS = 100 * 86_400_000;
/** Turns of one server, and runs of the dashboard. */
const MOST = 5_000;

/** Deletes what nobody asks for any more. */
export function createPruning({ database, now, serverIds }: { database: Database; now: () => number; serverIds: () => readonly number[] }) {
  return async (): Promise<void> => {
    const which = { before: now() - KEPT_MS, kept: MOST };
    for (const id of serverIds()) await database.transaction((tx) => presenceStore.prune(tx, id, which));
    await database.transaction((tx) => presenceStore.pruneRuns(tx, which));
  };
}
