import type { Group } from "../head.ts";
import type { Journal } from "../files/journal.ts";

const ROTATE_OPEN_EVERY_MS = 60_000;
const ROTATE_ROWS_EVERY_MS = 600_000;
const ROTATE_ROWS_AT_BYTES = 16 * 2 ** 20;

export interface LogRotationDeps {
  readonly journal: Journal;
  /** Number of the last row of the store. */
  readonly last: () => number;
  /** Whether so much time has passed since it was so for this last. */
  readonly due: (what: "open" | "rows", every: number) => boolean;
}

/** Begins new logs when their time has come, and removes those whose rows are all sealed. */
export function createLogRotation({ journal, last, due }: LogRotationDeps): (groups: () => Iterable<Group>) => Promise<void> {
  return async (groups) => {
    if (journal.rowsSize > ROTATE_ROWS_AT_BYTES || due("rows", ROTATE_ROWS_EVERY_MS)) await journal.rotateRows(last());
    if (due("open", ROTATE_OPEN_EVERY_MS)) await journal.rotateOpen(groups());
    let unsealed = Number.POSITIVE_INFINITY;
    for (const group of groups()) if (group.oldest !== 0) unsealed = Math.min(unsealed, group.oldest);
    for (const log of journal.closed.filter((closed) => closed.last < unsealed)) journal.removeClosed(log);
  };
}
