import type { Catalog } from "../files/catalog.ts";
import { DAY_MS } from "../files/segment-kinds.ts";
import type { FamilyPlan } from "../families.ts";
import { forgetRows, headRows, type Group } from "../head.ts";
import { firstAt, sliceRows } from "../codec/rows.ts";

/** Chunks hold at least this many points unless they are old, and at most that many. */
const FEWEST_ROWS = 24;
const MOST_ROWS = 360;
/** Points older than this are sealed however few they are. */
const OLDEST_MS = 190 * 60_000;
/** Groups sealed in one go before others get the thread. */
const BATCH = 8;

/** Points a chunk should hold so that the points of all groups waiting for theirs fit into `headBytes`. */
export function rowsPerChunk(groups: Iterable<Group>, headBytes: number): number {
  let bytesPerRow = 0;
  for (const group of groups) {
    if (group.rows.length > 0) bytesPerRow += group.rows.pool.width * 8;
  }
  return bytesPerRow === 0 ? MOST_ROWS : Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, Math.floor(headBytes / bytesPerRow)));
}

/** Whether the group's closed points should go into a chunk now. */
export function isSealDue(group: Group, rows: number, monotonic: number): boolean {
  return group.rows.length > 0 && (group.rows.length >= rows || monotonic - group.since >= OLDEST_MS);
}

/** Moves closed points of groups into chunks. Returns the number of groups sealed; failures of the file system are thrown. */
export async function sealGroups(
  due: readonly Group[],
  deps: { plans: readonly FamilyPlan[]; catalog: Catalog; slotMs: number; breathe: () => Promise<void> },
): Promise<void> {
  for (const [index, group] of due.entries()) {
    const plan = deps.plans[group.family];
    if (plan === undefined) continue;
    sealGroup(group, plan, deps.catalog, deps.slotMs);
    if (index % BATCH === BATCH - 1) await deps.breathe();
  }
  // All days: what an earlier round wrote may have failed to reach the disk.
  for (const day of deps.catalog.chunkDays()) await deps.catalog.chunks(day)?.sync();
}

/** One chunk for each UTC day. A day's points leave the memory as soon as their chunk is written, so that none is ever written twice. */
function sealGroup(group: Group, plan: FamilyPlan, catalog: Catalog, slotMs: number): void {
  const perDay = DAY_MS / slotMs;
  const columns = plan.folds.map((_, column) => column);
  while (group.rows.length > 0) {
    const rows = headRows(group, columns);
    const day = Math.floor((rows.slots[0] as number) / perDay);
    const end = firstAt(rows.slots, rows.length, (day + 1) * perDay);
    catalog.chunksFor(day).add(plan.index, group.key, group.closed, sliceRows(rows, 0, end), plan.grids);
    forgetRows(group, end);
  }
}
