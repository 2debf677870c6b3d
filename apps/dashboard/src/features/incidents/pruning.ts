import type { Database } from "#platform/database";
import { incidentStore } from "./store.ts";

/** Incidents are kept for a year, and at most so many. */
const KEPT_MS = 366 * 86_400_000;
const MOST = 100_000;
const AT_ONCE = 500;

/** Deletes incidents that ended long ago, a few at a time. */
export function createPruning({ database, now }: { database: Pick<Database, "change">; now: () => number }) {
  return async (): Promise<void> => {
    for (let deleted = AT_ONCE; deleted === AT_ONCE;) {
      const which = { before: now() - KEPT_MS, kept: MOST, limit: AT_ONCE };
      deleted = await database.change((tx) => incidentStore.prune(tx, which));
    }
  };
}
