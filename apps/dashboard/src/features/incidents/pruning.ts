import type { Database } from "#platform/database";
import { silenceStore, snoozeKind } from "./silence-store.ts";
import { incidentStore } from "./store.ts";

/** Incidents are kept for a year, and at most so many. */
const KEPT_MS = 366 * 86_400_000;
const MOST = 100_000;
const AT_ONCE = 500;

/** Deletes incidents that ended long ago and snoozes that are over, a few at a time. */
export function createPruning({ database, now }: { database: Pick<Database, "change">; now: () => number }) {
  return async (): Promise<void> => {
    for (let deleted = AT_ONCE; deleted === AT_ONCE;) {
      const which = { before: now() - KEPT_MS, kept: MOST, limit: AT_ONCE };
      deleted = await database.change((tx) => incidentStore.prune(tx, which));
    }
    for (let deleted = AT_ONCE; deleted === AT_ONCE;) {
      deleted = await database.change(async (tx, changes) => {
        const over = await silenceStore.overSnoozes(tx, now(), AT_ONCE);
        if (over.length > 0) await silenceStore.deleteSnoozes(tx, over);
        changes.gone(snoozeKind.name, over);
        return over.length;
      });
    }
  };
}
