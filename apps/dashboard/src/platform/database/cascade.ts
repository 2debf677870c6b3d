import type { Queries } from "./database.ts";

/**
 * Takes part in a deletion, in the same transaction: removes rows that belong to what is deleted, and references to it. What it returns
 * runs once the transaction is committed, and brings the copies in memory up to date.
 */
export type Cascade = (tx: Queries, ids: readonly number[]) => Promise<(() => void) | void>;

/** Runs all of them in order; call the result after the commit. */
export async function runCascades(tx: Queries, cascades: readonly Cascade[], ids: readonly number[]): Promise<() => void> {
  const after: (() => void)[] = [];
  for (const cascade of cascades) {
    const done = await cascade(tx, ids);
    if (done) after.push(done);
  }
  return () => {
    for (const done of after) done();
  };
}
