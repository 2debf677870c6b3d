import type { Changes } from "./change-feed/change-feed.ts";
import type { Queries } from "./queries.ts";

/** Takes part in a deletion, in the same transaction: removes rows that belong to what is deleted, and references to it. */
export type Cascade = (tx: Queries, ids: readonly number[], changes: Changes) => Promise<void>;

/** Runs all of them in order. */
export async function runCascades(tx: Queries, cascades: readonly Cascade[], ids: readonly number[], changes: Changes): Promise<void> {
  for (const cascade of cascades) await cascade(tx, ids, changes);
}
