import type { HeldRows } from "./held-rows.ts";
import type { HeldRow } from "./row-model.ts";
import type { SpoolRow } from "./spool-records.ts";

/** What is held and not on the disk yet, and which files are needed because of what is. */
export interface Unwritten {
  /** A row waits from now on. */
  closed(row: HeldRow): void;
  /** A row waits no longer. */
  over(row: HeldRow): void;
  /** What has changed since it was last written, or all that is running: it is in this file from now on. */
  take(file: number, isAll: boolean): SpoolRow[];
  /** What was taken last could not be written. */
  failed(): void;
  /** Whether rows wait that only this file holds. */
  isNeeded(file: number): boolean;
}

export function createUnwritten(held: () => HeldRows): Unwritten {
  const needed = new Map<number, number>();
  let rows: HeldRow[] = [];
  let taken: HeldRow[] = [];

  const count = (file: number, by: number): void => {
    const left = (needed.get(file) ?? 0) + by;
    if (left > 0) needed.set(file, left);
    else needed.delete(file);
  };
  return {
    closed: (row) => void rows.push(row),
    over: ({ file }) => {
      if (file !== 0) count(file, -1);
    },
    take: (file, isAll) => {
      taken = rows.filter(({ state }) => state === "waiting");
      rows = [];
      for (const row of taken) {
        row.file = file;
        count(file, 1);
      }
      const running: SpoolRow[] = [];
      for (const { plan, key, open } of held().openGroups()) {
        if (open === undefined || !(isAll || open.dirty)) continue;
        open.dirty = false;
        running.push({ plan, key, slot: open.slot, count: open.count, values: open.values, isSent: false });
      }
      return [...taken.map(spooled), ...running];
    },
    failed: () => {
      for (const row of taken) {
        if (row.state !== "waiting") continue;
        count(row.file, -1);
        row.file = 0;
        rows.push(row);
      }
      for (const { open } of held().openGroups()) if (open !== undefined) open.dirty = true;
    },
    isNeeded: (file) => needed.has(file),
  };
}

export function spooled({ group, slot, count, values }: HeldRow): SpoolRow {
  return { plan: group.plan, key: group.key, slot, count, values, isSent: false };
}
